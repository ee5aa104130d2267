/*
 * Our end of a ControlMaster's socket: packets out and in (mux.h). What they
 * mean is its owner's business, as is when to end.
 */
#ifndef TUNNEL_MUX_CLIENT_H
#define TUNNEL_MUX_CLIENT_H

#include "schema/base/text.h"
#include "tunnel/ssh/mux.h"

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct mux_client_handler {
	/* False when it does not speak our protocol; may close the client. */
	bool (*take)(const struct mux_reply *reply, void *data);

	/* The connection is broken; the client is closed already. */
	void (*broken)(void *data);
	void *data;
};

struct mux_client {
	struct mux_client_handler handler;
	bool closed;
	int fd;
	uv_poll_t poll;
	struct text in, out;
	uint32_t requests; /* numbered so far */
};

/* A descriptor, or -1. */
int mux_client_connect(const char *path);

/* Takes the descriptor over. */
struct mux_client *mux_client_open(
	uv_loop_t *loop, int fd, struct mux_client_handler handler);

/* Whatever waits in client->out; false when the connection is broken. */
bool mux_client_send(struct mux_client *client);

/* NULL is accepted. It is freed by the loop's next turn. */
void mux_client_close(struct mux_client *client);

#endif
