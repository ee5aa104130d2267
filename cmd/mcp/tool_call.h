/*
 * One run of a tool.
 */
#ifndef CMD_MCP_TOOL_CALL_H
#define CMD_MCP_TOOL_CALL_H

#include "cmd/mcp/tools.h"

/*
 * Run it: the tool's answer, or {error}. *is_error says that it is one. What
 * comes from elsewhere is plain. A new reference.
 */
json_t *tool_call(const struct tool *tool, const struct options *options,
	const json_t *arguments, bool *is_error);

#endif
