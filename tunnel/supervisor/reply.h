/*
 * Answers to a client's request: PROTOCOL.md has their form. A request may be
 * no more than an object with the `id` of the one that is answered.
 */
#ifndef TUNNEL_REPLY_H
#define TUNNEL_REPLY_H

#include "tunnel/control/server.h"

#include <jansson.h>
#include <stdbool.h>

/* The members that every answer has; a new reference. */
json_t *reply_new(const json_t *id, bool ok);

void reply_refuse(struct server_client *client, const json_t *request,
	const char *code, const char *message);

/* With the bridge's status, which is taken over; NULL for none. */
void reply_agree(
	struct server_client *client, const json_t *request, json_t *bridge);

#endif
