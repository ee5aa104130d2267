/*
 * Who wants to know what: legacy subscriptions and log levels, modern streams.
 */
#ifndef CMD_MCP_SUBSCRIBE_H
#define CMD_MCP_SUBSCRIBE_H

#include "cmd/mcp/session.h"

/* Bridges' events from this level on, for a legacy session. */
void subscribe_log(struct session *session, int level);

#endif
