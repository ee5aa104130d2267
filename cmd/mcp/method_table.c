#include "cmd/mcp/method_table.h"

#include "cmd/mcp/methods.h"

#include <string.h>

#define LEGACY MCP_2024_11_05, MCP_LEGACY_LATEST
#define MODERN MCP_2026_07_28, MCP_2026_07_28
#define BOTH   MCP_2024_11_05, MCP_2026_07_28

static const struct method methods[] = {
	{"initialize", LEGACY, method_initialize, METHOD_ANY_TIME},
	{"ping", LEGACY, method_ping, METHOD_ANY_TIME},
	{"logging/setLevel", LEGACY, method_set_level, 0},
	{"resources/subscribe", LEGACY, method_subscribe, 0},
	{"resources/unsubscribe", LEGACY, method_unsubscribe, 0},
	{"server/discover", MODERN, method_discover, METHOD_CACHED},
	{"subscriptions/listen", MODERN, method_listen, METHOD_STAYS},
	{"tools/list", BOTH, method_tools_list, METHOD_CACHED},
	{"tools/call", BOTH, method_tools_call, METHOD_WAITS},
	{"resources/list", BOTH, method_resources_list, METHOD_CACHED},
	{"resources/templates/list", BOTH, method_resources_templates,
		METHOD_CACHED},
	{"resources/read", BOTH, method_resources_read,
		METHOD_WAITS | METHOD_CACHED},
	{"prompts/list", BOTH, method_prompts_list, METHOD_CACHED},
	{"prompts/get", BOTH, method_prompts_get, 0},
	{"completion/complete", BOTH, method_complete, METHOD_WAITS},
};

const struct method *method_table_find(const char *name)
{
	for (size_t i = 0; i < COUNT(methods); i++)
		if (!strcmp(methods[i].name, name))
			return &methods[i];
	return NULL;
}
