#include "cmd/mcp/call.h"

#include "cmd/mcp/sanitize.h"
#include "schema/base/json_line.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char *const version_names[MCP_VERSIONS] = {
	[MCP_2024_11_05] = "2024-11-05",
	[MCP_2025_03_26] = "2025-03-26",
	[MCP_2025_06_18] = "2025-06-18",
	[MCP_2025_11_25] = "2025-11-25",
	[MCP_2026_07_28] = "2026-07-28",
};

const char *mcp_version_name(enum mcp_version version)
{
	return version_names[version];
}

enum mcp_version mcp_version_find(const char *name)
{
	int version = 0;

	while (version < MCP_VERSIONS && strcmp(version_names[version], name))
		version++;
	return (enum mcp_version)version;
}

void call_fail(struct call *call, enum mcp_code code, json_t *data,
	const char *format, ...)
{
	AUTO(text) text = TEXT_INIT;
	AUTO(text) plain = TEXT_INIT;
	va_list arguments;

	va_start(arguments, format);
	text_vformat(&text, format, arguments);
	va_end(arguments);
	sanitize_append(&plain, text.data, text.length);
	free(call->message);
	json_decref(call->data);
	call->code = (int)code;
	call->message = text_detach(&plain);
	call->data = data;
}

const char *call_text(const struct call *call, const char *key)
{
	return json_text(call->params, key);
}

json_t *call_stream_meta(const struct call *call)
{
	return json_pack(
		"{s:O}", "io.modelcontextprotocol/subscriptionId", call->id);
}
