#include "schema/jsonschema/run.h"

#include "schema/utf8.h"

#include <math.h>
#include <string.h>

static bool is_chosen(const struct node *choices, const struct node *value)
{
	for (size_t i = 0; i < choices->list.count; i++)
		if (node_equal(choices->list.items[i], value))
			return true;
	return false;
}

static bool in_range(const struct jsonschema *schema, const struct node *number)
{
	/* .nan is in no range at all. */
	if (number->kind == NODE_FLOAT && isnan(number->number))
		return !schema->minimum && !schema->maximum &&
		       !schema->exclusive_minimum && !schema->exclusive_maximum;
	return (!schema->minimum ||
		       compare_numbers(number, schema->minimum) >= 0) &&
	       (!schema->maximum ||
		       compare_numbers(number, schema->maximum) <= 0) &&
	       (!schema->exclusive_minimum ||
		       compare_numbers(number, schema->exclusive_minimum) >
			       0) &&
	       (!schema->exclusive_maximum ||
		       compare_numbers(number, schema->exclusive_maximum) < 0);
}

static bool check_number(struct run *run, const struct jsonschema *schema,
	const struct instance *instance)
{
	char name[SUBJECT_SIZE];

	if (!in_range(schema, instance->node))
		return fail_range(run, schema, instance);
	if (schema->multiple_of &&
		!is_multiple(instance->node, schema->multiple_of))
		return fail(run, instance, RULE_SCHEMA_RANGE,
			"%s is not a multiple of %g", subject(name, instance),
			schema->multiple_of->kind == NODE_INT
				? (double)schema->multiple_of->integer
				: schema->multiple_of->number);
	return true;
}

static bool check_size(struct run *run, const struct instance *instance,
	size_t size, int64_t least, int64_t most, const char *unit)
{
	char name[SUBJECT_SIZE];

	if (least >= 0 && size < (uint64_t)least)
		return fail(run, instance, RULE_SCHEMA_LENGTH,
			"%s has %zu %s, fewer than %lld",
			subject(name, instance), size, unit, (long long)least);
	if (most >= 0 && size > (uint64_t)most)
		return fail(run, instance, RULE_SCHEMA_LENGTH,
			"%s has %zu %s, more than %lld",
			subject(name, instance), size, unit, (long long)most);
	return true;
}

static bool check_pattern(struct run *run, const struct jsonschema *schema,
	const struct instance *instance)
{
	const struct node *node = instance->node;
	char name[SUBJECT_SIZE];

	switch (regex_match(schema->pattern, node->string.bytes,
		node->string.length, &run->regex_budget)) {
	case REGEX_YES:
		return true;
	case REGEX_TOO_HARD:
		return fail_too_hard(run, instance, schema->pattern);
	case REGEX_NO:
		break;
	}
	if (schema->message)
		return fail(run, instance, RULE_SCHEMA_FORMAT,
			"%s is '%.80s', not %s", subject(name, instance),
			node->string.bytes, schema->message);
	return fail(run, instance, RULE_SCHEMA_FORMAT,
		"%s is '%.80s', which does not match '%.80s'",
		subject(name, instance), node->string.bytes,
		regex_text(schema->pattern));
}

static bool check_format(struct run *run, const struct jsonschema *schema,
	const struct instance *instance)
{
	const struct node *node = instance->node;
	char name[SUBJECT_SIZE];

	if (schema->format->check(node->string.bytes, node->string.length))
		return true;
	return fail(run, instance, RULE_SCHEMA_FORMAT, "%s is '%.80s', not %s",
		subject(name, instance), node->string.bytes,
		schema->message ? schema->message : schema->format->words);
}

static bool check_string(struct run *run, const struct jsonschema *schema,
	const struct instance *instance)
{
	const struct node *node = instance->node;
	bool fine = true;

	if (schema->min_length >= 0 || schema->max_length >= 0)
		fine = check_size(run, instance,
			utf8_count(node->string.bytes, node->string.length),
			schema->min_length, schema->max_length, "characters");
	if (fine && schema->pattern)
		fine = check_pattern(run, schema, instance);
	if (fine && schema->format)
		fine = check_format(run, schema, instance);
	return fine;
}

static bool check_list(struct run *run, const struct jsonschema *schema,
	const struct instance *instance)
{
	char name[SUBJECT_SIZE];

	if (!check_size(run, instance, instance->node->list.count,
		    schema->min_items, schema->max_items, "items"))
		return false;
	if (schema->unique && !items_unique(instance->node))
		return fail(run, instance, RULE_SCHEMA_CONSTRAINT,
			"%s has the same item twice", subject(name, instance));
	return true;
}

bool check_keys(struct run *run, const struct instance *instance,
	const struct node *keys, const char *because)
{
	bool fine = true;

	for (size_t i = 0; keys && keys->kind == NODE_LIST &&
			   i < keys->list.count && (fine || run->diags);
		i++) {
		const struct node *key = keys->list.items[i];

		if (key->kind != NODE_STRING ||
			node_get_bytes(instance->node, key->string.bytes,
				key->string.length))
			continue;
		fine = fail_missing(run, instance, key, because);
	}
	return fine;
}

static bool check_map(struct run *run, const struct jsonschema *schema,
	const struct instance *instance)
{
	const struct node *map = instance->node;
	const struct node *dependent = schema->dependent_required;
	bool fine = check_size(run, instance, map->map.count,
		schema->min_properties, schema->max_properties, "keys");

	fine = check_keys(run, instance, schema->required, NULL) && fine;
	if (!dependent || dependent->kind != NODE_MAP)
		return fine;
	for (size_t i = 0; i < dependent->map.count; i++) {
		const struct member *member = &dependent->map.members[i];
		const struct node *key = member->key;

		if (node_get_bytes(map, key->string.bytes, key->string.length))
			fine = check_keys(run, instance, member->value,
				       key->string.bytes) &&
			       fine;
	}
	return fine;
}

bool check_assertions(struct run *run, const struct jsonschema *schema,
	const struct instance *instance)
{
	const struct node *node = instance->node;

	/* The wrong type makes the other assertions pointless. */
	if (schema->types && !type_matches(schema->types, node))
		return fail_type(run, instance, schema->types);
	if (schema->constant && !node_equal(schema->constant, node))
		return fail_choice(run, schema, instance);
	if (schema->choices && !is_chosen(schema->choices, node))
		return fail_choice(run, schema, instance);
	switch (node->kind) {
	case NODE_INT:
	case NODE_FLOAT:
		return check_number(run, schema, instance);
	case NODE_STRING:
		return check_string(run, schema, instance);
	case NODE_LIST:
		return check_list(run, schema, instance);
	case NODE_MAP:
		return check_map(run, schema, instance);
	case NODE_NULL:
	case NODE_BOOL:
		break;
	}
	return true;
}
