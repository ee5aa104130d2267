/*
 * Forwards that a shared connection was asked for and that nobody wants any
 * more, while ssh has not answered: the far end may take its time, and nobody
 * waits for it. What comes to be after all is taken back; whoever asks for the
 * same meanwhile gets that answer.
 */
#ifndef TUNNEL_ORPHAN_H
#define TUNNEL_ORPHAN_H

#include "tunnel/supervisor/internal.h"

/* The tunnel's request is the master's own from now on. */
void stale_request_add(
	struct control_master *master, const struct tunnel *tunnel);

/* The request that was made for the same forward, or 0: it is the caller's. */
uint32_t stale_request_take(
	struct control_master *master, const struct bridge *bridge);

/* One that listens where this bridge is to listen, borrowed, or NULL. */
const struct bridge *stale_request_find(
	const struct control_master *master, const struct bridge *bridge);

/* An answer to a request that no tunnel has. */
void stale_request_answered(
	struct control_master *master, const struct mux_reply *reply);

/* For a forward that did not come to be: the way for its checks goes, too. */
void stale_request_close_health(
	struct control_master *master, const struct bridge *bridge);

void stale_request_release_all(struct control_master *master);

/* A bridge as its JSON form has it. */
void stale_request_copy_bridge(struct bridge *to, const struct bridge *from);

#endif
