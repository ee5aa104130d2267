/* tools/list and tools/call. */
#include "cmd/mcp/tool_methods.h"

#include "cmd/mcp/methods.h"
#include "cmd/mcp/pagination.h"
#include "cmd/mcp/session.h"
#include "cmd/mcp/tool_call.h"
#include "cmd/mcp/watcher.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool is_there(const struct session *session, const struct tool *tool)
{
	return !(session->read_only && tool->is & TOOL_WRITES);
}

/* What the version of the client does not know is left out. */
static json_t *listed(const struct tool *tool, enum mcp_version version)
{
	json_t *copy = json_copy((json_t *)(uintptr_t)tool_definition(tool));

	if (version < MCP_2025_06_18) {
		json_object_del(copy, "title");
		json_object_del(copy, "outputSchema");
	}
	if (version < MCP_2025_03_26)
		json_object_del(copy, "annotations");
	return copy;
}

void method_tools_list(struct call *call)
{
	json_t *list = json_array();

	for (size_t i = 0; i < tool_count; i++)
		if (is_there(call->session, &tools[i]))
			json_array_append_new(
				list, listed(&tools[i], call->version));
	pagination_answer(call, "tools", list);
}

static const struct tool *find_tool(
	const struct session *session, const char *name)
{
	for (size_t i = 0; i < tool_count; i++)
		if (!strcmp(tools[i].name, name) &&
			is_there(session, &tools[i]))
			return &tools[i];
	return NULL;
}

bool tool_methods_is_slow(const struct call *call)
{
	const char *name = call_text(call, "name");
	const struct tool *tool = NULL;

	if (call->method->run == method_tools_call && name)
		tool = find_tool(call->session, name);
	return tool && tool->is & TOOL_SETTLES;
}

void method_tools_call(struct call *call)
{
	const char *name = call_text(call, "name");
	const struct tool *tool = name ? find_tool(call->session, name) : NULL;
	const json_t *given = json_object_get(call->params, "arguments");
	json_auto_t *arguments = given ? json_incref((json_t *)(uintptr_t)given)
				       : json_object();
	struct options options = *call->session->options;
	json_auto_t *answer = NULL;
	char *text;
	bool is_error;

	if (!tool || !json_is_object(arguments)) {
		call_fail(call, MCP_INVALID_PARAMS, NULL,
			tool ? "arguments must be an object"
			     : "no tool is called '%.60s'; see tools/list",
			name ? name : "");
		return;
	}
	options.waiting = &call->waiting;
	if (tool->is & TOOL_SETTLES)
		watcher_expect(true);
	answer = tool_call(tool, &options, arguments, &is_error);
	if (tool->is & TOOL_SETTLES)
		watcher_expect(false);
	text = json_dumps(answer, JSON_COMPACT);
	call->result = json_pack("{s:[{s:s, s:s}], s:b}", "content", "type",
		"text", "text", text ? text : "{}", "isError", is_error);
	free(text);
	if (call->version >= MCP_2025_06_18)
		json_object_set(call->result, "structuredContent", answer);
}
