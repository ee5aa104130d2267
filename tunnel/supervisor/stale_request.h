/*
 * Forwards that a shared connection was asked for and that nobody wants any
 * more, while ssh has not answered: the far end may take its time, and nobody
 * waits for it. What comes to be after all is taken back; whoever asks for the
 * same meanwhile gets that answer.
 */
#ifndef TUNNEL_ORPHAN_H
#define TUNNEL_ORPHAN_H

#include "tunnel/supervisor/control_master.h"

/* The tunnel's request is the master's own from now on. */
void orphan_add(struct master *master, const struct tunnel *tunnel);

/* The request that was made for the same forward, or 0: it is the caller's. */
uint32_t orphan_take(struct master *master, const struct bridge *bridge);

/* One that listens where this bridge is to listen, borrowed, or NULL. */
const struct bridge *orphan_find(
	const struct master *master, const struct bridge *bridge);

/* An answer to a request that no tunnel has. */
void orphan_answered(struct master *master, const struct mux_reply *reply);

void orphan_release_all(struct master *master);

/* A bridge as its JSON form has it. */
void orphan_copy(struct bridge *to, const struct bridge *from);

#endif
