/*
 * Clients that wait until a tunnel has stopped, for the answer to their
 * request.
 */
#ifndef TUNNEL_WAITER_H
#define TUNNEL_WAITER_H

#include "tunnel/supervisor/internal.h"

/* `restarts`: the client waits for the new beginning, too. */
void waiter_add(struct tunnel *tunnel, struct server_client *client,
	const json_t *request, bool restarts);

/* The tunnel has stopped, and `starts` again: tell those who wait. */
void waiter_tell(struct tunnel *tunnel, bool starts);

/* The client has gone. */
void waiter_drop(struct tunnel *tunnel, const struct server_client *client);

#endif
