#include "schema/jsonschema/compiled.h"

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
	struct jsonschema *pending; /* known, and not yet read */
	bool *failed;               /* shared by all that this run compiles */
};

static struct jsonschema *compile(struct compiler *compiler,
	const struct node *node, struct jsonschema_resource *resource);

static bool invalid(
	struct compiler *compiler, const struct node *node, const char *what)
{
	*compiler->failed = true;
	return diag_error(
		compiler->diags, &node->at, RULE_SCHEMA_INVALID, "%s", what);
}

static void read_schema(struct compiler *compiler, struct jsonschema **out,
	const struct node *map, const char *keyword,
	struct jsonschema_resource *resource)
{
	const struct node *value = node_get(map, keyword);

	if (value)
		*out = compile(compiler, value, resource);
}

static void read_list(struct compiler *compiler, struct schema_list *out,
	const struct node *map, const char *keyword,
	struct jsonschema_resource *resource)
{
	const struct node *value = node_get(map, keyword);

	if (!value)
		return;
	if (value->kind != NODE_LIST) {
		invalid(compiler, value, "must be a list of schemas");
		return;
	}
	out->count = value->list.count;
	out->list = arena_alloc(
		&compiler->set->arena, out->count * sizeof(*out->list));
	for (size_t i = 0; i < out->count; i++)
		out->list[i] = compile(
			compiler, value->list.items[i], resource);
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

static struct named_schema *read_map(struct compiler *compiler, size_t *count,
	const struct node *map, const char *keyword,
	struct jsonschema_resource *resource)
{
	const struct node *value = node_get(map, keyword);
	struct named_schema *list;

	*count = 0;
	if (!value)
		return NULL;
	if (value->kind != NODE_MAP) {
		invalid(compiler, value, "must be a map of schemas");
		return NULL;
	}
	*count = value->map.count;
	list = arena_alloc(&compiler->set->arena, *count * sizeof(*list));
	for (size_t i = 0; i < *count; i++) {
		const struct member *member = &value->map.members[i];

		list[i].name = member->key->string.bytes;
		list[i].length = member->key->string.length;
		list[i].schema = compile(compiler, member->value, resource);
	}
	if (*count)
		qsort(list, *count, sizeof(*list), compare_named);
	return list;
}

static const struct regex *read_regex(
	struct compiler *compiler, const struct node *node)
{
	const char *why = "must be a text";
	const struct regex *regex = NULL;

	if (node->kind == NODE_STRING)
		regex = regex_compile(compiler->set, node->string.bytes,
			node->string.length, &why);
	if (!regex)
		invalid(compiler, node, why);
	return regex;
}

static void read_patterns(struct compiler *compiler, struct jsonschema *schema,
	struct jsonschema_resource *resource)
{
	const struct node *value = node_get(schema->node, "patternProperties");

	if (!value || value->kind != NODE_MAP)
		return;
	schema->patterns = arena_alloc(&compiler->set->arena,
		value->map.count * sizeof(*schema->patterns));
	for (size_t i = 0; i < value->map.count; i++) {
		const struct member *member = &value->map.members[i];
		struct pattern_schema *pattern = &schema->patterns[i];

		pattern->regex = read_regex(compiler, member->key);
		pattern->schema = compile(compiler, member->value, resource);
	}
	schema->pattern_count = value->map.count;
}

static void read_type(struct compiler *compiler, struct jsonschema *schema,
	const struct node *node)
{
	for (int type = 0; type < TYPE_COUNT; type++)
		if (node->kind == NODE_STRING &&
			!strcmp(node->string.bytes, schema_type_names[type])) {
			schema->types |= 1u << type;
			return;
		}
	invalid(compiler, node, "must be the name of a JSON type");
}

static void read_types(struct compiler *compiler, struct jsonschema *schema)
{
	const struct node *value = node_get(schema->node, "type");

	if (!value)
		return;
	if (value->kind != NODE_LIST) {
		read_type(compiler, schema, value);
		return;
	}
	for (size_t i = 0; i < value->list.count; i++)
		read_type(compiler, schema, value->list.items[i]);
}

static int64_t read_limit(
	struct compiler *compiler, const struct node *map, const char *keyword)
{
	const struct node *value = node_get(map, keyword);

	if (!value)
		return -1;
	if (value->kind == NODE_INT && value->integer >= 0)
		return value->integer;
	if (value->kind == NODE_FLOAT && value->number >= 0 &&
		value->number < 9e15 &&
		value->number == (double)(int64_t)value->number)
		return (int64_t)value->number;
	invalid(compiler, value, "must be a whole number from 0");
	return -1;
}

static const struct node *read_number(
	struct compiler *compiler, const struct node *map, const char *keyword)
{
	const struct node *value = node_get(map, keyword);

	if (value && !is_number(value))
		invalid(compiler, value, "must be a number");
	return value;
}

static const struct format *read_format(
	struct compiler *compiler, const struct node *map)
{
	const char *name = node_string(node_get(map, "format"));

	(void)compiler;
	return name ? format_find(name) : NULL;
}

static void read_assertions(
	struct compiler *compiler, struct jsonschema *schema)
{
	const struct node *node = schema->node;
	const struct node *pattern = node_get(node, "pattern");
	const struct node *unique = node_get(node, "uniqueItems");

	read_types(compiler, schema);
	schema->constant = node_get(node, "const");
	schema->choices = node_get(node, "enum");
	if (schema->choices && schema->choices->kind != NODE_LIST)
		invalid(compiler, schema->choices, "must be a list");
	schema->minimum = read_number(compiler, node, "minimum");
	schema->maximum = read_number(compiler, node, "maximum");
	schema->exclusive_minimum = read_number(
		compiler, node, "exclusiveMinimum");
	schema->exclusive_maximum = read_number(
		compiler, node, "exclusiveMaximum");
	schema->multiple_of = read_number(compiler, node, "multipleOf");
	schema->min_length = read_limit(compiler, node, "minLength");
	schema->max_length = read_limit(compiler, node, "maxLength");
	schema->min_items = read_limit(compiler, node, "minItems");
	schema->max_items = read_limit(compiler, node, "maxItems");
	schema->min_properties = read_limit(compiler, node, "minProperties");
	schema->max_properties = read_limit(compiler, node, "maxProperties");
	schema->min_contains = read_limit(compiler, node, "minContains");
	schema->max_contains = read_limit(compiler, node, "maxContains");
	schema->unique = unique && unique->kind == NODE_BOOL && unique->boolean;
	if (pattern)
		schema->pattern = read_regex(compiler, pattern);
	if (compiler->set->formats || schema->resource->formats)
		schema->format = read_format(compiler, node);
	schema->message = node_string(node_get(node, "x-message"));
	schema->required = node_get(node, "required");
	if (schema->required && schema->required->kind != NODE_LIST)
		invalid(compiler, schema->required, "must be a list of keys");
	schema->dependent_required = node_get(node, "dependentRequired");
}

static void read_reference(struct compiler *compiler, struct jsonschema *schema,
	struct jsonschema_resource *resource, const char *keyword)
{
	const struct node *value = node_get(schema->node, keyword);
	const char *text = node_string(value);
	struct reference found;
	struct jsonschema *target;

	if (!value)
		return;
	if (!text || !resource_find(compiler->set, resource, text, &found)) {
		*compiler->failed = true;
		diag_error(compiler->diags, &value->at, RULE_SCHEMA_INVALID,
			"nothing is at '%.200s'", text ? text : "");
		return;
	}
	target = compile(compiler, found.node, found.resource);
	if (keyword[1] == 'r') {
		schema->ref = target;
		return;
	}
	schema->dynamic_ref = target;
	if (found.anchor && found.anchor->dynamic)
		schema->dynamic_name = found.anchor->name;
}

static void read_applicators(struct compiler *compiler,
	struct jsonschema *schema, struct jsonschema_resource *resource)
{
	const struct {
		const char *keyword;
		struct jsonschema **out;
	} singles[] = {
		{"additionalProperties", &schema->additional},
		{"propertyNames", &schema->names},
		{"unevaluatedProperties", &schema->unevaluated_properties},
		{"items", &schema->items},
		{"contains", &schema->contains},
		{"unevaluatedItems", &schema->unevaluated_items},
		{"not", &schema->not_},
		{"if", &schema->if_},
		{"then", &schema->then_},
		{"else", &schema->else_},
	};
	const struct node *node = schema->node;

	for (size_t i = 0; i < COUNT(singles); i++)
		read_schema(compiler, singles[i].out, node, singles[i].keyword,
			resource);
	schema->properties = read_map(compiler, &schema->property_count, node,
		"properties", resource);
	schema->dependents = read_map(compiler, &schema->dependent_count, node,
		"dependentSchemas", resource);
	read_patterns(compiler, schema, resource);
	read_list(compiler, &schema->prefix, node, "prefixItems", resource);
	read_list(compiler, &schema->all_of, node, "allOf", resource);
	read_list(compiler, &schema->any_of, node, "anyOf", resource);
	read_list(compiler, &schema->one_of, node, "oneOf", resource);
	schema->tracks = schema->unevaluated_items ||
			 schema->unevaluated_properties;
	read_reference(compiler, schema, resource, "$ref");
	read_reference(compiler, schema, resource, "$dynamicRef");
}

/* Does the resource's metaschema leave the validation vocabulary out? */
static void read_vocabulary(
	struct compiler *compiler, struct jsonschema_resource *resource)
{
	const char *uri = node_string(node_get(resource->root, "$schema"));
	struct reference found;
	const struct node *vocabulary;
	const struct node *validation;

	if (!uri || !strcmp(uri, METASCHEMA_URI) ||
		!resource_find(compiler->set, resource, uri, &found))
		return;
	vocabulary = node_get(found.node, "$vocabulary");
	validation = node_get(vocabulary,
		"https://json-schema.org/draft/2020-12/vocab/validation");
	resource->formats = node_get(vocabulary,
		"https://json-schema.org/draft/2020-12/vocab/format-assertion");
	resource->no_validation = vocabulary && vocabulary->kind == NODE_MAP &&
				  !validation;
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
	if (!resource->used) {
		resource->used = true;
		read_vocabulary(compiler, resource);
	}
	if (node->kind == NODE_BOOL) {
		schema->never = !node->boolean;
	} else if (node->kind != NODE_MAP) {
		invalid(compiler, node, "a schema is a map, true or false");
	} else {
		if (!resource->no_validation)
			read_assertions(compiler, schema);
		read_applicators(compiler, schema, resource);
	}
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
	struct compiler compiler = {.set = set, .diags = diags};
	struct jsonschema_resource *resource = resource_add(
		set, uri ? uri : "urn:bridge:schema", root);
	struct jsonschema *schema;

	compiler.failed = arena_alloc(&set->arena, sizeof(bool));
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
