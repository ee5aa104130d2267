#include "schema/jsonschema/compiled.h"
#include "schema/jsonschema/keyword.h"
#include "schema/jsonschema/location.h"
#include "schema/jsonschema/regex/regex.h"

#include "schema/base/text.h"

#include <stdlib.h>
#include <string.h>

/*
 * Compiled schemas by the node they stand for: references make a graph, and
 * each node is compiled once.
 */
enum { BUCKETS = 256 };

struct memo {
	struct jsonschema *buckets[BUCKETS];
};

struct compiler {
	struct jsonschema_set *set;
	struct diags *diags;
	const struct node *document; /* that is being read */
	struct jsonschema *pending;  /* known, and not yet read */
	bool *failed;                /* shared by all that this run compiles */
};

/* What one schema is read with. */
struct reader {
	struct compiler *compiler;
	struct jsonschema *schema;
	struct jsonschema_resource *resource;
	const struct keyword *keyword;
	const struct node *value;
	void *field; /* NULL: nowhere */
};

static struct jsonschema *compile(struct compiler *compiler,
	const struct node *node, struct jsonschema_resource *resource);

static void invalid(struct compiler *compiler, const struct node *node,
	const char *format, ...) PRINTF(3, 4);

static void invalid(struct compiler *compiler, const struct node *node,
	const char *format, ...)
{
	AUTO(text) message = TEXT_INIT;
	AUTO(text) pointer = TEXT_INIT;
	va_list arguments;

	va_start(arguments, format);
	text_vformat(&message, format, arguments);
	va_end(arguments);
	*compiler->failed = true;
	diag_error(compiler->diags, &node->at, RULE_SCHEMA_INVALID, "%s",
		message.data);
	if (location_node(&pointer, compiler->document, node))
		diag_locate(compiler->diags, pointer.data, NULL);
}

static struct jsonschema *inner(
	const struct reader *reader, const struct node *node)
{
	return compile(reader->compiler, node, reader->resource);
}

static void read_list(const struct reader *reader)
{
	struct schema_list *out = reader->field;
	const struct node *value = reader->value;

	out->count = value->list.count;
	out->list = arena_alloc(
		&reader->compiler->set->arena, out->count * sizeof(*out->list));
	for (size_t i = 0; i < out->count; i++)
		out->list[i] = inner(reader, value->list.items[i]);
}

static int compare_named(const void *a, const void *b)
{
	const struct named_schema *x = a;
	const struct named_schema *y = b;
	size_t shorter = x->length < y->length ? x->length : y->length;
	int order = memcmp(x->name, y->name, shorter);

	return order ? order
		     : (x->length > y->length) - (x->length < y->length);
}

/* A map of schemas; in `dependencies` a list of keys may stand for one. */
static void read_map(const struct reader *reader)
{
	const struct node *value = reader->value;
	struct named_list ignored;
	struct named_list *out = reader->field ? reader->field : &ignored;

	out->count = value->map.count;
	out->list = arena_alloc(
		&reader->compiler->set->arena, out->count * sizeof(*out->list));
	for (size_t i = 0; i < out->count; i++) {
		const struct member *member = &value->map.members[i];
		struct named_schema *named = &out->list[i];

		named->name = member->key->string.bytes;
		named->length = member->key->string.length;
		if (reader->keyword->shape == SHAPE_DEPENDENCIES &&
			member->value->kind == NODE_LIST)
			named->keys = member->value;
		else
			named->schema = inner(reader, member->value);
	}
	if (out->count)
		qsort(out->list, out->count, sizeof(*out->list), compare_named);
}

static const struct regex *read_regex(
	struct compiler *compiler, const struct node *node)
{
	const char *why;
	const struct regex *regex = regex_compile(&compiler->set->arena,
		&compiler->set->regexes, node->string.bytes,
		node->string.length, &why);

	if (!regex)
		invalid(compiler, node, "the pattern '%.80s' is wrong: %s",
			node->string.bytes, why);
	return regex;
}

static void read_patterns(const struct reader *reader)
{
	const struct node *value = reader->value;
	struct pattern_list *out = reader->field;

	out->count = value->map.count;
	out->list = arena_alloc(
		&reader->compiler->set->arena, out->count * sizeof(*out->list));
	for (size_t i = 0; i < out->count; i++) {
		const struct member *member = &value->map.members[i];

		out->list[i].regex = read_regex(reader->compiler, member->key);
		out->list[i].schema = inner(reader, member->value);
	}
}

static unsigned read_types(const struct node *value)
{
	unsigned types = 0;

	if (value->kind != NODE_LIST)
		return keyword_type(value);
	for (size_t i = 0; i < value->list.count; i++)
		types |= keyword_type(value->list.items[i]);
	return types;
}

/* An unknown format is an annotation; one that is nearly known, a mistake. */
static const struct format *read_format(const struct reader *reader)
{
	const char *name = node_string(reader->value);
	const struct format *format = format_find(name);
	const char *near;

	if (!reader->resource->formats && !reader->compiler->set->formats)
		return NULL;
	near = format || !reader->value->at.source ? NULL
						   : format_nearest(name);
	if (near)
		diag_report(reader->compiler->diags, &reader->value->at,
			RULE_SCHEMA_UNKNOWN_KEY,
			"unknown format '%.80s', did you mean '%s'?", name,
			near);
	return format;
}

static void read_reference(const struct reader *reader)
{
	struct compiler *compiler = reader->compiler;
	struct jsonschema **out = reader->field;
	const char *text = node_string(reader->value);
	struct reference found;

	if (!resource_find(compiler->set, reader->resource, text, &found)) {
		invalid(compiler, reader->value, "nothing is at '%.200s'%s",
			text,
			text && *text != '#'
				? "; no other files are read than the schemas "
				  "of the kinds of document"
				: "");
		return;
	}
	*out = compile(compiler, found.node, found.resource);
	if (reader->keyword->shape == SHAPE_DYNAMIC_REFERENCE && found.anchor &&
		found.anchor->dynamic)
		reader->schema->dynamic_name = found.anchor->name;
}

/* The value has the keyword's shape. */
static void read_value(const struct reader *reader)
{
	const struct node *value = reader->value;
	void *field = reader->field;

	switch (reader->keyword->shape) {
	case SHAPE_SCHEMA:
		if (field)
			*(struct jsonschema **)field = inner(reader, value);
		else
			inner(reader, value);
		return;
	case SHAPE_SCHEMA_LIST:
		read_list(reader);
		return;
	case SHAPE_DEPENDENCIES:
	case SHAPE_SCHEMA_MAP:
		read_map(reader);
		return;
	case SHAPE_PATTERN_MAP:
		read_patterns(reader);
		return;
	case SHAPE_DYNAMIC_REFERENCE:
	case SHAPE_REFERENCE:
		read_reference(reader);
		return;
	case SHAPE_REGEX:
		*(const struct regex **)field = read_regex(
			reader->compiler, value);
		return;
	case SHAPE_FORMAT:
		*(const struct format **)field = read_format(reader);
		return;
	case SHAPE_TYPES:
		*(unsigned *)field = read_types(value);
		return;
	case SHAPE_SIZE:
		*(int64_t *)field = value->kind == NODE_INT
					    ? value->integer
					    : (int64_t)value->number;
		return;
	case SHAPE_BOOLEAN:
		if (field)
			*(bool *)field = value->boolean;
		return;
	case SHAPE_TEXT:
		if (field)
			*(const char **)field = node_string(value);
		return;
	case SHAPE_ANYTHING:
	case SHAPE_KEYS:
	case SHAPE_KEYS_MAP:
	case SHAPE_LIST:
	case SHAPE_NUMBER:
	case SHAPE_POSITIVE:
		if (field)
			*(const struct node **)field = value;
		return;
	case SHAPE_ANCHOR:
	case SHAPE_ID:
	case SHAPE_VOCABULARY:
		return;
	}
}

/* Anyone may add keywords; one that is nearly known is a slip. */
static void read_unknown(struct compiler *compiler, const struct node *key)
{
	const char *name = node_string(key);
	const char *near;

	if (!name || !key->at.source || !strncmp(name, "x-", 2))
		return;
	near = keyword_nearest(name);
	if (near)
		diag_report(compiler->diags, &key->at, RULE_SCHEMA_UNKNOWN_KEY,
			"unknown keyword '%.80s', did you mean '%s'?", name,
			near);
}

static void read_member(struct compiler *compiler, struct jsonschema *schema,
	const struct member *member)
{
	const struct keyword *keyword = keyword_find(
		member->key->string.bytes, member->key->string.length);
	struct reader reader = {.compiler = compiler,
		.schema = schema,
		.resource = schema->resource,
		.keyword = keyword,
		.value = member->value};
	const struct node *at;
	const char *wants;

	if (!keyword) {
		read_unknown(compiler, member->key);
		return;
	}
	if (!(schema->resource->vocabularies >> keyword->vocabulary & 1))
		return;
	wants = keyword_wants(keyword, member->value, &at);
	if (wants) {
		invalid(compiler, at, "'%s' must be %s", keyword->name, wants);
		return;
	}
	if (keyword->field >= 0)
		reader.field = (char *)schema + keyword->field;
	read_value(&reader);
}

#define VOCABULARY_URI "https://json-schema.org/draft/2020-12/vocab/"

/* A metaschema's $vocabulary: core, section 8.1.2. */
static void read_vocabularies(struct compiler *compiler,
	struct jsonschema_resource *resource, const struct node *map)
{
	static const struct {
		const char *name;
		enum vocabulary vocabulary;
	} names[] = {
		{"core", VOCABULARY_CORE},
		{"applicator", VOCABULARY_APPLICATOR},
		{"unevaluated", VOCABULARY_UNEVALUATED},
		{"validation", VOCABULARY_VALIDATION},
		{"format-annotation", VOCABULARY_FORMAT},
		{"format-assertion", VOCABULARY_FORMAT},
		{"content", VOCABULARY_CONTENT},
		{"meta-data", VOCABULARY_META_DATA},
	};

	resource->vocabularies = 1u << VOCABULARY_CORE;
	for (size_t i = 0; i < map->map.count; i++) {
		const struct member *member = &map->map.members[i];
		const char *uri = member->key->string.bytes;
		bool ours = !strncmp(
			uri, VOCABULARY_URI, strlen(VOCABULARY_URI));
		const char *name = ours ? uri + strlen(VOCABULARY_URI) : "";
		size_t k = 0;

		while (k < COUNT(names) && strcmp(names[k].name, name) != 0)
			k++;
		if (k < COUNT(names))
			resource->vocabularies |= 1u << names[k].vocabulary;
		else if (member->value->kind == NODE_BOOL &&
			 member->value->boolean)
			invalid(compiler, member->key,
				"the vocabulary '%.200s' is required and not "
				"known",
				uri);
		resource->formats |= !strcmp(name, "format-assertion");
	}
}

static void read_metaschema(
	struct compiler *compiler, struct jsonschema_resource *resource)
{
	const struct node *value = node_get(resource->root, "$schema");
	const char *uri = node_string(value);
	struct reference found;
	const struct node *map;
	size_t length;

	resource->vocabularies = (1u << VOCABULARIES) - 1;
	if (!uri)
		return;
	length = strcspn(uri, "#");
	if (length == strlen(METASCHEMA_URI) &&
		!strncmp(uri, METASCHEMA_URI, length))
		return;
	if (!resource_find(compiler->set, resource, uri, &found)) {
		invalid(compiler, value,
			"'%.200s' is not understood, only JSON Schema 2020-12: "
			"%s",
			uri, METASCHEMA_URI);
		return;
	}
	map = node_get(found.node, "$vocabulary");
	if (map && map->kind == NODE_MAP)
		read_vocabularies(compiler, resource, map);
}

static const struct node *anchor_value(const struct anchor *anchor)
{
	const struct node *value = node_get(anchor->node, "$anchor");

	return node_string(value) && !strcmp(node_string(value), anchor->name)
		       ? value
		       : node_get(anchor->node, "$dynamicAnchor");
}

/* What can be said of a whole resource, once something of it is in use. */
static void read_resource(
	struct compiler *compiler, struct jsonschema_resource *resource)
{
	resource->used = true;
	read_metaschema(compiler, resource);
	if (resource->duplicate)
		invalid(compiler, node_get(resource->root, "$id"),
			"another schema has this $id, too");
	for (struct anchor *a = resource->anchors; a; a = a->next)
		if (a->duplicate)
			invalid(compiler, anchor_value(a),
				"another schema here has the anchor '%.80s', "
				"too",
				a->name);
}

static struct jsonschema **bucket(
	struct compiler *compiler, const struct node *node)
{
	struct memo *memo = compiler->set->memo;

	if (!memo)
		memo = compiler->set->memo = arena_alloc(
			&compiler->set->arena, sizeof(*memo));
	return &memo->buckets[((uintptr_t)node >> 5) % BUCKETS];
}

static struct jsonschema *add(struct compiler *compiler,
	const struct node *node, struct jsonschema_resource *resource)
{
	struct jsonschema **chain = bucket(compiler, node);
	struct jsonschema *schema = arena_alloc(
		&compiler->set->arena, sizeof(*schema));

	schema->node = node;
	schema->resource = resource;
	schema->failed = compiler->failed;
	schema->cite = compiler->set->cite && node->at.source;
	schema->next = *chain;
	*chain = schema;
	schema->pending = compiler->pending;
	compiler->pending = schema;
	return schema;
}

/*
 * The schema for a node: it is read later, so that neither nesting nor a
 * chain of references takes the stack along.
 */
static struct jsonschema *compile(struct compiler *compiler,
	const struct node *node, struct jsonschema_resource *resource)
{
	struct jsonschema_resource *own = resource_at(compiler->set, node);
	struct jsonschema *schema = *bucket(compiler, node);

	while (schema && schema->node != node)
		schema = schema->next;
	if (schema && schema->failed != compiler->failed && *schema->failed)
		invalid(compiler, node,
			"another schema refers to this one, which is wrong");
	if (schema)
		return schema;
	return add(compiler, node, own ? own : resource);
}

static void read(struct compiler *compiler, struct jsonschema *schema)
{
	const struct node *node = schema->node;
	struct jsonschema_resource *resource = schema->resource;

	schema->min_length = schema->max_length = schema->min_items =
		schema->max_items = schema->min_properties =
			schema->max_properties = schema->min_contains =
				schema->max_contains = -1;
	compiler->document = resource->document->root;
	if (!resource->used)
		read_resource(compiler, resource);
	if (node->kind == NODE_BOOL)
		schema->never = !node->boolean;
	else if (node->kind != NODE_MAP)
		invalid(compiler, node, "a schema is a map, true or false");
	for (size_t i = 0; node->kind == NODE_MAP && i < node->map.count; i++)
		read_member(compiler, schema, &node->map.members[i]);
	schema->tracks = schema->unevaluated_items ||
			 schema->unevaluated_properties;
}

static void read_pending(struct compiler *compiler)
{
	struct jsonschema *schema;

	while ((schema = compiler->pending)) {
		compiler->pending = schema->pending;
		read(compiler, schema);
	}
}

/* $dynamicRef may end up at any dynamic anchor of any resource in use. */
static void compile_dynamic_anchors(struct compiler *compiler)
{
	bool more = true;

	while (more) {
		more = false;
		read_pending(compiler);
		for (struct jsonschema_resource *r = compiler->set->resources;
			r; r = r->next)
			for (struct anchor *a = r->anchors; r->used && a;
				a = a->next) {
				if (!a->dynamic || a->schema)
					continue;
				a->schema = compile(compiler, a->node, r);
				more = true;
			}
	}
}

void jsonschema_set_add(
	struct jsonschema_set *set, const char *uri, const struct node *root)
{
	resource_add(set, uri, root);
}

struct jsonschema *jsonschema_compile(struct jsonschema_set *set,
	const char *uri, const struct node *root, struct diags *diags)
{
	struct compiler compiler = {
		.set = set, .diags = diags, .document = root};
	struct jsonschema_resource *resource = resource_add(
		set, uri ? uri : "urn:bridge:schema", root);
	struct jsonschema *schema;

	compiler.failed = arena_alloc(&set->arena, sizeof(bool));
	if (set->resources->number > MAX_RESOURCES) {
		diag_error(diags, &root->at, RULE_SCHEMA_INVALID,
			"there are more than %d schemas with an $id",
			MAX_RESOURCES);
		return NULL;
	}
	schema = compile(&compiler, root, resource);
	compile_dynamic_anchors(&compiler);
	return *compiler.failed ? NULL : schema;
}

void jsonschema_set_release(struct jsonschema_set *set)
{
	regex_free_all(set->regexes);
	arena_release(&set->arena);
	*set = (struct jsonschema_set)JSONSCHEMA_SET_INIT;
}
