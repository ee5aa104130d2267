/* completion/complete: names for templates' variables, and the prompt's. */
#include "cmd/context/candidates.h"
#include "cmd/mcp/methods.h"
#include "cmd/mcp/resources.h"
#include "cmd/mcp/sanitize.h"
#include "cmd/mcp/session.h"
#include "schema/base/json_line.h"

#include <string.h>

enum { MOST_VALUES = 100 };

/* What lists the values of this reference's argument, or NULL. */
static json_t *(*lister_of(const json_t *ref, const char *argument))(
	const struct options *options)
{
	const char *type = json_text(ref, "type");
	const char *uri = json_text(ref, "uri");
	const char *prompt = json_text(ref, "name");

	if (!type || !argument)
		return NULL;
	if (!strcmp(type, "ref/prompt") && prompt &&
		!strcmp(prompt, "bridge-status") && !strcmp(argument, "bridge"))
		return candidates_bridges;
	for (size_t i = 0;
		!strcmp(type, "ref/resource") && uri && i < mcp_resource_count;
		i++) {
		const char *brace = strchr(mcp_resources[i].uri, '{');
		size_t length = strlen(argument);

		if (brace && !strcmp(mcp_resources[i].uri, uri) &&
			!strncmp(brace + 1, argument, length) &&
			brace[1 + length] == '}')
			return mcp_resources[i].names;
	}
	return NULL;
}

void method_complete(struct call *call)
{
	const json_t *argument = json_object_get(call->params, "argument");
	const char *name = json_text(argument, "name");
	const char *value = json_text(argument, "value");
	json_t *(*lister)(const struct options *options) = lister_of(
		json_object_get(call->params, "ref"), name);
	json_auto_t *names = NULL;
	struct options options = *call->session->options;
	json_t *values;
	json_t *item;
	size_t total = 0;
	size_t i;

	if (!lister || !value) {
		call_fail(call, MCP_INVALID_PARAMS, NULL,
			lister ? "argument wants a value, a string"
			       : "nothing is known to complete that");
		return;
	}
	options.waiting = &call->waiting;
	names = lister(&options);
	values = json_array();
	json_array_foreach(names, i, item)
	{
		if (strncmp(json_string_value(item), value, strlen(value)))
			continue;
		if (++total <= MOST_VALUES)
			json_array_append_new(values, sanitize_json(item));
	}
	call->result = json_pack("{s:{s:o, s:I, s:b}}", "completion", "values",
		values, "total", (json_int_t)total, "hasMore",
		total > MOST_VALUES);
}
