/*
 * What a bridge asks of the connection it shares, in the words of mux.h. What
 * these point to is the bridge's, and `path`'s.
 */
#ifndef TUNNEL_FORWARD_H
#define TUNNEL_FORWARD_H

#include "schema/base/text.h"
#include "schema/bridge/bridge.h"
#include "tunnel/ssh/mux.h"

struct mux_forward mux_forward_of(const struct bridge *bridge);

/* The way back for a health check from the remote end. */
struct mux_forward mux_forward_for_health(
	const struct bridge *bridge, struct text *path);

#endif
