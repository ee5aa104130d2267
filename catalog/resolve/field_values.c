#include "catalog/resolve/field_values.h"

#include "catalog/resolve/config.h"

#include "schema/base/text.h"
#include "schema/yaml/node_json.h"

#include <assert.h>

char *field_values_place(const struct origin *at)
{
	AUTO(text) place = TEXT_INIT;

	assert(at->source);
	text_format(&place, "%s:%u", at->source->path, at->line ? at->line : 1);
	return text_detach(&place);
}

json_t *field_values_ssh_key(const struct node *value, struct diags *diags)
{
	const char *path = node_string(value);
	AUTO_FREE char *expanded = path ? config_expand_home(path) : NULL;

	if (!path)
		return node_to_json(value);
	if (*expanded == '/')
		return json_string(expanded);
	diag_error(diags, &value->at, RULE_BRIDGE_KEY_FILE,
		"ssh_key '%s' is a relative path; write an absolute one or "
		"~/...",
		path);
	return NULL;
}

static void append_status(struct text *list, const struct node *value)
{
	const char *text = node_string(value);

	if (list->length)
		text_append_char(list, ',');
	for (; text && *text; text++)
		if (*text != ' ')
			text_append_char(list, *text);
	if (value->kind == NODE_INT)
		text_format(list, "%lld", (long long)value->integer);
	if (value->kind == NODE_FLOAT)
		text_format(list, "%.0f", value->number);
}

char *field_values_expect_status(const struct node *value)
{
	AUTO(text) list = TEXT_INIT;

	if (value->kind != NODE_LIST)
		append_status(&list, value);
	else
		for (size_t i = 0; i < value->list.count; i++)
			append_status(&list, value->list.items[i]);
	return text_detach(&list);
}
