/*
 * From a line to a method: JSON-RPC 2.0, and of which era a request is.
 */
#ifndef CMD_MCP_DISPATCH_H
#define CMD_MCP_DISPATCH_H

#include "cmd/mcp/session.h"

/* One line of the client. Answers are written now, or later by a thread. */
void dispatch_line(struct session *session, const char *line, size_t length);

#endif
