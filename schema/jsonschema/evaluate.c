#include "schema/jsonschema/evaluation.h"
#include "schema/jsonschema/regex/regex.h"

#include <stdlib.h>
#include <string.h>

/*
 * A schema may refer to itself without getting on, or branch at every step:
 * both end here. A document of the size that is read needs far less.
 */
enum { MAX_DEPTH = 1000, MAX_STEPS = 20 * 1000 * 1000 };

const struct jsonschema *evaluate_find_property(
	const struct jsonschema *schema, const struct node *key)
{
	size_t low = 0;
	size_t high = schema->properties.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct named_schema *named =
			&schema->properties.list[middle];
		size_t shorter = named->length < key->string.length
					 ? named->length
					 : key->string.length;
		int order = memcmp(key->string.bytes, named->name, shorter);

		if (!order)
			order = (key->string.length > named->length) -
				(key->string.length < named->length);
		if (!order)
			return named->schema;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static void mark(struct seen *seen, size_t index)
{
	if (seen)
		seen->marks[index] = 1;
}

static bool check_name(struct run *run, const struct jsonschema *schema,
	const struct instance *map, const struct node *key)
{
	const struct instance name = {
		.node = key, .key = key, .is_name = true, .parent = map};

	return evaluate(run, schema, &name, NULL);
}

static bool check_patterns(struct run *run, const struct jsonschema *schema,
	const struct instance *value, bool *known)
{
	const struct node *key = value->key;
	bool fine = true;

	spend(run, schema->patterns.count * 40);
	for (size_t i = 0; !run->exhausted && i < schema->patterns.count; i++) {
		const struct pattern_schema *pattern =
			&schema->patterns.list[i];

		switch (regex_match(pattern->regex, key->string.bytes,
			key->string.length, &run->regex_budget)) {
		case REGEX_YES:
			*known = true;
			fine = evaluate(run, pattern->schema, value, NULL) &&
			       fine;
			break;
		case REGEX_TOO_HARD:
			*known = true;
			fine = fail_too_hard(run,
				REJECTED(schema, "patternProperties", value),
				pattern->regex);
			break;
		case REGEX_NO:
			break;
		}
	}
	return fine;
}

/* One member against properties, patternProperties, additionalProperties. */
static bool check_member(struct run *run, const struct jsonschema *schema,
	const struct instance *map, size_t index, struct seen *seen)
{
	const struct member *member = &map->node->map.members[index];
	const struct instance value = {
		.node = member->value, .key = member->key, .parent = map};
	const struct jsonschema *property = evaluate_find_property(
		schema, member->key);
	bool known = property != NULL;
	bool fine = !property || evaluate(run, property, &value, NULL);

	fine = check_patterns(run, schema, &value, &known) && fine;
	if (!known && schema->additional) {
		known = true;
		if (schema->additional->never)
			fine = fail_unknown(run,
				       REJECTED(schema, "additionalProperties",
					       map),
				       member) &&
			       fine;
		else
			fine = evaluate(
				       run, schema->additional, &value, NULL) &&
			       fine;
	}
	if (known)
		mark(seen, index);
	if (schema->names)
		fine = check_name(run, schema->names, map, member->key) && fine;
	return fine;
}

static bool check_members(struct run *run, const struct jsonschema *schema,
	const struct instance *instance, struct seen *seen)
{
	bool fine = true;

	if (!schema->properties.count && !schema->patterns.count &&
		!schema->additional && !schema->names)
		return true;
	for (size_t i = 0; i < instance->node->map.count &&
			   (fine || run->diags) && !run->exhausted;
		i++)
		fine = check_member(run, schema, instance, i, seen) && fine;
	return fine;
}

static bool check_contains(struct run *run, const struct jsonschema *schema,
	const struct instance *instance, struct seen *seen)
{
	const struct node *list = instance->node;
	int64_t least = schema->min_contains >= 0 ? schema->min_contains : 1;
	struct diags *diags = run->diags;
	int64_t found = 0;
	char name[SUBJECT_SIZE];

	if (!schema->contains)
		return true;
	run->diags = NULL;
	for (size_t i = 0; i < list->list.count; i++) {
		const struct instance item = {.node = list->list.items[i],
			.parent = instance,
			.index = i};

		if (!evaluate(run, schema->contains, &item, NULL))
			continue;
		found++;
		mark(seen, i);
	}
	run->diags = diags;
	if (found < least)
		return fail_with(run,
			REJECTED(schema, least > 1 ? "minContains" : "contains",
				instance),
			RULE_SCHEMA_CONSTRAINT,
			"%s has %lld of the items it must contain, fewer than "
			"%lld",
			fail_subject(name, instance), (long long)found,
			(long long)least);
	if (schema->max_contains >= 0 && found > schema->max_contains)
		return fail_with(run, REJECTED(schema, "maxContains", instance),
			RULE_SCHEMA_CONSTRAINT,
			"%s has %lld of the items it may contain, more than "
			"%lld",
			fail_subject(name, instance), (long long)found,
			(long long)schema->max_contains);
	return true;
}

static bool check_items(struct run *run, const struct jsonschema *schema,
	const struct instance *instance, struct seen *seen)
{
	const struct node *list = instance->node;
	bool fine = true;

	for (size_t i = 0; i < list->list.count && (fine || run->diags); i++) {
		const struct jsonschema *inner =
			i < schema->prefix.count ? schema->prefix.list[i]
						 : schema->items;
		const struct instance item = {.node = list->list.items[i],
			.key = instance->key,
			.is_item = true,
			.parent = instance,
			.index = i};

		if (!inner)
			break;
		mark(seen, i);
		fine = evaluate(run, inner, &item, NULL) && fine;
	}
	if (fine || run->diags)
		fine = check_contains(run, schema, instance, seen) && fine;
	return fine;
}

static bool check_unevaluated(struct run *run, const struct jsonschema *schema,
	const struct instance *instance, struct seen *seen)
{
	const struct node *node = instance->node;
	bool fine = true;

	for (size_t i = 0; node->kind == NODE_MAP &&
			   schema->unevaluated_properties && i < seen->count;
		i++) {
		const struct member *member = &node->map.members[i];
		const struct instance value = {.node = member->value,
			.key = member->key,
			.parent = instance};

		if (seen->marks[i])
			continue;
		seen->marks[i] = 1;
		fine = (schema->unevaluated_properties->never
				       ? fail_unknown(run,
						 REJECTED(schema,
							 "unevaluatedProperties",
							 instance),
						 member)
				       : evaluate(run,
						 schema->unevaluated_properties,
						 &value, NULL)) &&
		       fine;
	}
	for (size_t i = 0; node->kind == NODE_LIST &&
			   schema->unevaluated_items && i < seen->count;
		i++) {
		const struct instance item = {.node = node->list.items[i],
			.key = instance->key,
			.is_item = true,
			.parent = instance,
			.index = i};

		if (seen->marks[i])
			continue;
		seen->marks[i] = 1;
		fine = evaluate(run, schema->unevaluated_items, &item, NULL) &&
		       fine;
	}
	return fine;
}

static bool check_keywords(struct run *run, const struct jsonschema *schema,
	const struct instance *instance, struct seen *seen)
{
	enum node_kind kind = instance->node->kind;
	char name[SUBJECT_SIZE];
	bool fine;

	if (schema->never)
		return fail_with(run, REJECTED(schema, NULL, instance),
			RULE_SCHEMA_CONSTRAINT, "%s is not allowed here",
			fail_subject(name, instance));
	fine = assert_value(run, schema, instance);
	/* One message per mistake: the content of a wrong type is none. */
	if (!fine &&
		(!run->diags || (schema->types && !value_has_type(schema->types,
							  instance->node))))
		return false;
	fine = apply_in_place(run, schema, instance, seen) && fine;
	if (kind == NODE_MAP && (fine || run->diags))
		fine = check_members(run, schema, instance, seen) && fine;
	if (kind == NODE_LIST && (fine || run->diags))
		fine = check_items(run, schema, instance, seen) && fine;
	/* What a failed part would have evaluated is no mistake of its own. */
	if (schema->tracks && fine)
		fine = check_unevaluated(run, schema, instance, seen) && fine;
	return fine;
}

bool evaluate(struct run *run, const struct jsonschema *schema,
	const struct instance *instance, struct seen *seen)
{
	const struct scope *outer = run->scope;
	const struct scope scope = {
		.outer = outer, .resource = schema->resource};
	struct seen own = {.marks = NULL};
	bool fine;

	if (run->exhausted || run->depth >= MAX_DEPTH ||
		++run->steps > MAX_STEPS) {
		fail_set_limit(run, REJECTED(schema, NULL, instance));
		return false;
	}
	if (schema->tracks && !seen) {
		own.count = instance->node->kind == NODE_MAP
				    ? instance->node->map.count
			    : instance->node->kind == NODE_LIST
				    ? instance->node->list.count
				    : 0;
		own.marks = own_alloc(own.count);
		seen = &own;
	}
	if (!outer || outer->resource != schema->resource)
		run->scope = &scope;
	run->depth++;
	fine = check_keywords(run, schema, instance, seen);
	run->depth--;
	run->scope = outer;
	free(own.marks);
	return fine && !run->exhausted;
}
