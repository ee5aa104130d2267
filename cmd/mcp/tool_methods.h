/*
 * What is known of a call before it runs: which tool it is of.
 */
#ifndef CMD_MCP_TOOL_METHODS_H
#define CMD_MCP_TOOL_METHODS_H

#include "cmd/mcp/call.h"

/* It may wait for as long as bridges take. */
bool tool_methods_is_slow(const struct call *call);

#endif
