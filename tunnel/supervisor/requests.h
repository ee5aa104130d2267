/*
 * The requests of the control protocol (PROTOCOL.md), one handler each.
 */
#ifndef TUNNEL_REQUESTS_H
#define TUNNEL_REQUESTS_H

#include "tunnel/control/server.h"

#include <jansson.h>

/* Handlers of the control server (server.h); `data` is the supervisor. */
void requests_handle(
	struct server_client *client, const json_t *request, void *data);
void requests_client_gone(struct server_client *client, void *data);

#endif
