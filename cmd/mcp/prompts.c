/* prompts/list and prompts/get. */
#include "cmd/mcp/methods.h"
#include "cmd/mcp/pagination.h"
#include "schema/base/text.h"
#include "schema/bridge/bridge.h"

#include <string.h>

static const char name[] = "bridge-status";
static const char title[] = "How are the bridges?";
static const char description[] =
	"Look at the bridges, say which are not connected and why, and what to "
	"do about it.";

static const char every_bridge[] =
	"Look at the bridges with bridge_status. Say in one line how many are "
	"connected. For each that is not, read bridge_logs and say in a "
	"sentence why, since when, and what would mend it. Change nothing "
	"without being asked to.";

void method_prompts_list(struct call *call)
{
	json_t *prompt = json_pack("{s:s, s:s, s:[{s:s, s:s, s:b}]}", "name",
		name, "description", description, "arguments", "name", "bridge",
		"description", "Only this bridge; all when absent.", "required",
		0);

	if (call->version >= MCP_2025_06_18)
		json_object_set_new(prompt, "title", json_string(title));
	pagination_answer(call, "prompts", json_pack("[o]", prompt));
}

void method_prompts_get(struct call *call)
{
	const char *wanted = call_text(call, "name");
	const json_t *bridge = json_object_get(
		json_object_get(call->params, "arguments"), "bridge");
	AUTO(text) text = TEXT_INIT;

	if (!wanted || strcmp(wanted, name) != 0) {
		call_fail(call, MCP_INVALID_PARAMS, NULL,
			"no prompt is called '%.60s'", wanted ? wanted : "");
		return;
	}
	if (bridge &&
		(!json_is_string(bridge) ||
			!bridge_name_is_valid(json_string_value(bridge)))) {
		call_fail(call, MCP_INVALID_PARAMS, NULL,
			"argument bridge is no name of a bridge");
		return;
	}
	if (bridge)
		text_format(&text,
			"Look at the bridge '%s' with bridge_status. Say in "
			"one line how it is. If it is not connected, read "
			"bridge_logs and say in a sentence why, since when, "
			"and what would mend it. Change nothing without being "
			"asked to.",
			json_string_value(bridge));
	else
		text_append(&text, every_bridge);
	call->result = json_pack("{s:s, s:[{s:s, s:{s:s, s:s}}]}",
		"description", description, "messages", "role", "user",
		"content", "type", "text", "text", text.data);
}
