#include "cmd/mcp/tools.h"

#include "cmd/context/answer.h"
#include "schema/jsonschema/jsonschema.h"
#include "schema/yaml/node_json.h"

#include <pthread.h>
#include <string.h>

/* TOOL(name, answer, is, hint): in this order they are listed. */
#define TOOLS(TOOL)                                                                                                           \
	TOOL(bridge_status, answer_status, 0,                                                                                 \
		"call bridge_status without bridges for what runs or has run, catalog_list_domains for what the catalog has") \
	TOOL(bridge_logs, answer_logs, 0,                                                                                     \
		"call bridge_status for what runs or has run")                                                                \
	TOOL(bridge_up, answer_up, TOOL_WRITES | TOOL_SETTLES,                                                                \
		"call catalog_list_domains for the bridges there are")                                                        \
	TOOL(bridge_down, answer_down, TOOL_WRITES,                                                                           \
		"call bridge_status for the bridges that run")                                                                \
	TOOL(bridge_restart, answer_restart, TOOL_WRITES | TOOL_SETTLES,                                                      \
		"call bridge_status for the bridges that run")                                                                \
	TOOL(catalog_list_domains, answer_domains, 0, "")                                                                     \
	TOOL(catalog_list_targets, answer_targets, 0,                                                                         \
		"call catalog_list_domains for the domains there are")                                                        \
	TOOL(catalog_show_target, answer_target, 0,                                                                           \
		"call catalog_list_targets for the targets there are")                                                        \
	TOOL(catalog_show_bridge, answer_bridge, TOOL_ORIGINS,                                                                \
		"call catalog_list_domains for the bridges there are")                                                        \
	TOOL(catalog_validate, answer_validate, TOOL_JUDGES, "")

/* As schema/embedded.c does it, and why. */
#define EMBED(name, answer, is, hint)                                          \
	__asm__(".pushsection .rodata\n"                                       \
		"tool_" #name ":\n"                                            \
		".incbin \"cmd/mcp/tools/" #name ".json\"\n"                   \
		"tool_" #name "_end:\n"                                        \
		".byte 0\n"                                                    \
		".popsection\n");                                              \
	extern const char tool_##name[];                                       \
	extern const char tool_##name##_end[];

TOOLS(EMBED)

#define ROW(name, answer, is, hint)                                            \
	{#name, answer, is, hint, tool_##name, tool_##name##_end},

const struct tool tools[] = {TOOLS(ROW)};

const size_t tool_count = COUNT(tools);

/* Read and compiled once, then only looked at, by several threads. */
static json_t *definitions[COUNT(tools)];
static struct jsonschema *schemas[COUNT(tools)];
static struct jsonschema_set set = JSONSCHEMA_SET_INIT;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void prepare(void)
{
	AUTO(diags) ours = DIAGS_INIT;

	for (size_t i = 0; i < tool_count; i++) {
		const json_t *schema;

		definitions[i] = json_loadb(tools[i].bytes,
			(size_t)(tools[i].end - tools[i].bytes), 0, NULL);
		schema = json_object_get(definitions[i], "inputSchema");
		schemas[i] = jsonschema_compile(
			&set, NULL, node_from_json(&set.arena, schema), &ours);
	}
}

const json_t *tool_definition(const struct tool *tool)
{
	pthread_once(&once, prepare);
	return definitions[tool - tools];
}

bool tool_check(
	const struct tool *tool, const json_t *arguments, struct diags *diags)
{
	AUTO(arena) arena = ARENA_INIT;
	AUTO(diags) strict = DIAGS_INIT;
	bool fine;

	pthread_once(&once, prepare);
	/* What nobody reads is no harm in a document, but is in a request. */
	diags_set_severity(&strict, RULE_SCHEMA_UNKNOWN_KEY, SEVERITY_ERROR);
	fine = jsonschema_validate(schemas[tool - tools],
		node_from_json(&arena, arguments), &strict);
	diags_move(diags, &strict);
	return fine;
}
