/*
 * The thread that hears of what subscribers want to know.
 */
#ifndef CMD_MCP_WATCHER_H
#define CMD_MCP_WATCHER_H

#include "cmd/mcp/session.h"

/* Hear of everything from now on; once is enough. */
void watcher_start(struct session *session);

/* A call begins, or ends, that may start a supervisor. */
void watcher_expect(bool begins);

#endif
