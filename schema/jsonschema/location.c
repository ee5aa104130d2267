#include "schema/jsonschema/location.h"

#include <string.h>

enum { MAX_VISITS = 200 * 1000 };

void location_append(struct text *out, const char *token, size_t length)
{
	text_append_char(out, '/');
	for (size_t i = 0; i < length; i++) {
		if (token[i] == '~')
			text_append(out, "~0");
		else if (token[i] == '/')
			text_append(out, "~1");
		else
			text_append_char(out, token[i]);
	}
}

static void shorten(struct text *out, size_t length)
{
	if (length == out->length)
		return;
	out->length = length;
	out->data[length] = '\0';
}

static bool find_node(struct text *out, const struct node *node,
	const struct node *wanted, unsigned *visits)
{
	const size_t length = out->length;

	if (node == wanted)
		return true;
	if (++*visits > MAX_VISITS)
		return false;
	for (size_t i = 0; node->kind == NODE_MAP && i < node->map.count; i++) {
		const struct member *member = &node->map.members[i];

		location_append(out, member->key->string.bytes,
			member->key->string.length);
		if (member->key == wanted ||
			find_node(out, member->value, wanted, visits))
			return true;
		shorten(out, length);
	}
	for (size_t i = 0; node->kind == NODE_LIST && i < node->list.count;
		i++) {
		text_format(out, "/%zu", i);
		if (find_node(out, node->list.items[i], wanted, visits))
			return true;
		shorten(out, length);
	}
	return false;
}

bool location_node(
	struct text *out, const struct node *root, const struct node *wanted)
{
	unsigned visits = 0;

	return find_node(out, root, wanted, &visits);
}

void location_instance(struct text *out, const struct instance *instance)
{
	if (!instance->parent)
		return;
	location_instance(out, instance->parent);
	if (instance->key && !instance->is_item)
		location_append(out, instance->key->string.bytes,
			instance->key->string.length);
	else
		text_format(out, "/%zu", instance->index);
}

void location_keyword(
	struct text *out, const struct jsonschema *schema, const char *keyword)
{
	const struct jsonschema_resource *document = schema->resource->document;

	text_format(out, "%s#", document->retrieved);
	location_node(out, document->root, schema->node);
	if (keyword)
		location_append(out, keyword, strlen(keyword));
}
