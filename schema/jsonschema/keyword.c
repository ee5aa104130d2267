#include "schema/jsonschema/keyword.h"
#include "schema/jsonschema/compiled.h"

#include "schema/base/suggest.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#define FIELD(name) ((ptrdiff_t)offsetof(struct jsonschema, name))
#define NOWHERE     ((ptrdiff_t)-1)

static const struct keyword keywords[] = {
#define KEYWORD(name, vocabulary, shape, field)                                \
	{name, sizeof(name) - 1, VOCABULARY_##vocabulary, SHAPE_##shape, field},
#include "schema/jsonschema/keywords.def"
#undef KEYWORD
};

const struct keyword *keyword_find(const char *name, size_t length)
{
	for (size_t i = 0; i < COUNT(keywords); i++)
		if (keywords[i].length == length &&
			!memcmp(keywords[i].name, name, length))
			return &keywords[i];
	return NULL;
}

const char *keyword_nearest(const char *name)
{
	const char *names[COUNT(keywords)];

	for (size_t i = 0; i < COUNT(keywords); i++)
		names[i] = keywords[i].name;
	return suggest_nearest(name, names, COUNT(names));
}

unsigned keyword_type(const struct node *name)
{
	const char *text = node_string(name);

	for (int type = 0; text && type < TYPE_COUNT; type++)
		if (!strcmp(text, schema_type_names[type]))
			return 1u << type;
	return 0;
}

static bool is_size(const struct node *value)
{
	if (value->kind == NODE_INT)
		return value->integer >= 0;
	return value->kind == NODE_FLOAT && value->number >= 0 &&
	       value->number < 9e15 && floor(value->number) == value->number;
}

static bool is_positive(const struct node *value)
{
	return value->kind == NODE_INT     ? value->integer > 0
	       : value->kind == NODE_FLOAT ? value->number > 0
					   : false;
}

static bool is_anchor(const struct node *value)
{
	const char *text = node_string(value);

	if (!text || (!isalpha((unsigned char)*text) && *text != '_'))
		return false;
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr("-._", *text))
			return false;
	return true;
}

/* $id has no fragment, but may end in '#'. */
static bool is_id(const struct node *value)
{
	const char *text = node_string(value);
	const char *hash = text ? strchr(text, '#') : NULL;

	return text && (!hash || !hash[1]);
}

/* The first item that is no text or stands there twice, or NULL. */
static const struct node *bad_key(const struct node *list)
{
	for (size_t i = 0; i < list->list.count; i++)
		if (list->list.items[i]->kind != NODE_STRING)
			return list->list.items[i];
	return value_items_are_unique(list) ? NULL : list;
}

static const char *wants_keys(const struct node *value, const struct node **at)
{
	const struct node *bad = value->kind == NODE_LIST ? bad_key(value)
							  : value;

	if (bad)
		*at = bad;
	return bad ? "a list of different keys" : NULL;
}

/* Each value in the map a list of keys, or else a schema where that is fine. */
static const char *wants_keys_map(
	const struct node *value, bool or_schemas, const struct node **at)
{
	const char *wants = NULL;

	if (value->kind != NODE_MAP)
		return or_schemas ? "a map of schemas and lists of keys"
				  : "a map of lists of keys";
	for (size_t i = 0; !wants && i < value->map.count; i++) {
		const struct node *inner = value->map.members[i].value;

		if (!or_schemas || inner->kind == NODE_LIST)
			wants = wants_keys(inner, at);
	}
	return wants;
}

static const char *wants_types(const struct node *value, const struct node **at)
{
	static const char wants[] = "the name of a JSON type (string, integer, "
				    "number, boolean, array, object, null)";

	if (value->kind != NODE_LIST)
		return keyword_type(value) ? NULL : wants;
	for (size_t i = 0; i < value->list.count; i++)
		if (!keyword_type(value->list.items[i])) {
			*at = value->list.items[i];
			return wants;
		}
	return value->list.count && value_items_are_unique(value)
		       ? NULL
		       : "one type or a list of different ones";
}

static const char *wants_vocabulary(const struct node *value)
{
	bool good = value->kind == NODE_MAP;

	for (size_t i = 0; good && i < value->map.count; i++)
		good = value->map.members[i].value->kind == NODE_BOOL;
	return good ? NULL : "a map of true and false by URI";
}

static const char *unless(bool good, const char *wants)
{
	return good ? NULL : wants;
}

const char *keyword_wants(const struct keyword *keyword,
	const struct node *value, const struct node **at)
{
	*at = value;
	switch (keyword->shape) {
	case SHAPE_ANYTHING:
	case SHAPE_SCHEMA: /* the schema itself is looked at when compiled */
		return NULL;
	case SHAPE_ANCHOR:
		return unless(is_anchor(value),
			"a name of letters, digits, '-', '_' and '.'");
	case SHAPE_BOOLEAN:
		return unless(value->kind == NODE_BOOL, "true or false");
	case SHAPE_DEPENDENCIES:
		return wants_keys_map(value, true, at);
	case SHAPE_ID:
		return unless(is_id(value), "a URI without a fragment");
	case SHAPE_KEYS:
		return wants_keys(value, at);
	case SHAPE_KEYS_MAP:
		return wants_keys_map(value, false, at);
	case SHAPE_LIST:
		return unless(value->kind == NODE_LIST, "a list");
	case SHAPE_NUMBER:
		return unless(value_is_number(value), "a number");
	case SHAPE_POSITIVE:
		return unless(is_positive(value), "a number above 0");
	case SHAPE_SCHEMA_LIST:
		return unless(value->kind == NODE_LIST && value->list.count,
			"a list of schemas, at least one");
	case SHAPE_SCHEMA_MAP:
	case SHAPE_PATTERN_MAP:
		return unless(value->kind == NODE_MAP, "a map of schemas");
	case SHAPE_SIZE:
		return unless(is_size(value), "a whole number from 0");
	case SHAPE_DYNAMIC_REFERENCE:
	case SHAPE_FORMAT:
	case SHAPE_REFERENCE:
	case SHAPE_TEXT:
		return unless(node_string(value) != NULL, "a text");
	case SHAPE_REGEX:
		return unless(value->kind == NODE_STRING, "a text");
	case SHAPE_TYPES:
		return wants_types(value, at);
	case SHAPE_VOCABULARY:
		return wants_vocabulary(value);
	}
	return NULL;
}
