/*
 * Our end of a shared connection's socket: packets out and in. What they mean
 * is tunnel/supervisor/control_master.c's business, as is when to end.
 */
#ifndef TUNNEL_MASTER_LINK_H
#define TUNNEL_MASTER_LINK_H

#include "schema/base/text.h"
#include "tunnel/supervisor/control_master.h"

struct master_link {
	struct master *master; /* NULL once it has gone */
	int fd;
	uv_poll_t poll;
	struct text in, out;
	uint32_t requests; /* numbered so far */
};

/* A descriptor, or -1. */
int master_link_connect(const char *path);

/* Takes the descriptor over. */
struct master_link *master_link_open(struct master *master, int fd);

/* Whatever waits in link->out; false when the connection is broken. */
bool master_link_send(struct master_link *link);

/* Nothing when it is closed. */
void master_link_close(struct master *master);

#endif
