/*
 * The methods by name, and when each may be called.
 */
#ifndef CMD_MCP_METHOD_TABLE_H
#define CMD_MCP_METHOD_TABLE_H

#include "cmd/mcp/call.h"

/* The row, or NULL. */
const struct method *method_table_find(const char *name);

#endif
