#include "schema/jsonschema/evaluation.h"
#include "schema/jsonschema/regex/regex.h"

#include "schema/base/utf8.h"

#include <math.h>
#include <string.h>

bool assert_is_chosen(const struct jsonschema *schema, const struct node *value)
{
	const struct node *choices = schema->choices;

	if (schema->constant && !node_equal(schema->constant, value))
		return false;
	if (!choices)
		return true;
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
		       value_compare(number, schema->minimum) >= 0) &&
	       (!schema->maximum ||
		       value_compare(number, schema->maximum) <= 0) &&
	       (!schema->exclusive_minimum ||
		       value_compare(number, schema->exclusive_minimum) > 0) &&
	       (!schema->exclusive_maximum ||
		       value_compare(number, schema->exclusive_maximum) < 0);
}

static bool check_number(struct run *run, const struct jsonschema *schema,
	const struct instance *instance)
{
	char name[SUBJECT_SIZE];

	if (!in_range(schema, instance->node))
		return fail_range(run, REJECTED(schema, NULL, instance));
	if (schema->multiple_of &&
		!value_is_multiple(instance->node, schema->multiple_of))
		return fail_with(run, REJECTED(schema, "multipleOf", instance),
			RULE_SCHEMA_RANGE, "%s is not a multiple of %g",
			fail_subject(name, instance),
			schema->multiple_of->kind == NODE_INT
				? (double)schema->multiple_of->integer
				: schema->multiple_of->number);
	return true;
}

/* The limits on one kind of size. */
struct size {
	int64_t least, most;
	const char *min_keyword, *max_keyword;
	const char *unit;
};

static bool check_size(struct run *run, const struct jsonschema *schema,
	const struct instance *instance, size_t size, const struct size *limits)
{
	char name[SUBJECT_SIZE];

	if (limits->least >= 0 && size < (uint64_t)limits->least)
		return fail_with(run,
			REJECTED(schema, limits->min_keyword, instance),
			RULE_SCHEMA_LENGTH, "%s has %zu %s, fewer than %lld",
			fail_subject(name, instance), size, limits->unit,
			(long long)limits->least);
	if (limits->most >= 0 && size > (uint64_t)limits->most)
		return fail_with(run,
			REJECTED(schema, limits->max_keyword, instance),
			RULE_SCHEMA_LENGTH, "%s has %zu %s, more than %lld",
			fail_subject(name, instance), size, limits->unit,
			(long long)limits->most);
	return true;
}

static bool check_pattern(struct run *run, const struct jsonschema *schema,
	const struct instance *instance)
{
	const struct node *node = instance->node;

	switch (regex_match(schema->pattern, node->string.bytes,
		node->string.length, &run->regex_budget)) {
	case REGEX_YES:
		return true;
	case REGEX_TOO_HARD:
		return fail_too_hard(run, REJECTED(schema, "pattern", instance),
			schema->pattern);
	case REGEX_NO:
		break;
	}
	return fail_text(run, REJECTED(schema, "pattern", instance),
		schema->message, regex_text(schema->pattern));
}

static bool check_format(struct run *run, const struct jsonschema *schema,
	const struct instance *instance)
{
	const struct node *node = instance->node;

	if (schema->format->check(node->string.bytes, node->string.length))
		return true;
	return fail_text(run, REJECTED(schema, "format", instance),
		schema->message ? schema->message : schema->format->words,
		NULL);
}

/* A character has one to four bytes, and most texts are far from a limit. */
static bool is_in_limits(const struct jsonschema *schema, size_t bytes)
{
	return (schema->max_length < 0 ||
		       bytes <= (uint64_t)schema->max_length) &&
	       (schema->min_length <= 0 ||
		       (bytes + 3) / 4 >= (uint64_t)schema->min_length);
}

static bool check_string(struct run *run, const struct jsonschema *schema,
	const struct instance *instance)
{
	const struct node *node = instance->node;
	bool fine = true;

	if (!is_in_limits(schema, node->string.length))
		fine = check_size(run, schema, instance,
			utf8_count(node->string.bytes, node->string.length),
			&(const struct size){schema->min_length,
				schema->max_length, "minLength", "maxLength",
				"characters"});
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

	const struct size limits = {schema->min_items, schema->max_items,
		"minItems", "maxItems", "items"};

	if (!check_size(
		    run, schema, instance, instance->node->list.count, &limits))
		return false;
	if (schema->unique && !value_items_are_unique(instance->node))
		return fail_with(run, REJECTED(schema, "uniqueItems", instance),
			RULE_SCHEMA_CONSTRAINT, "%s has the same item twice",
			fail_subject(name, instance));
	return true;
}

bool assert_keys(struct run *run, const struct rejected *rejected,
	const struct node *keys, const char *because)
{
	const struct node *map = rejected->instance->node;
	bool fine = true;

	if (keys && keys->kind == NODE_LIST)
		spend(run, keys->list.count);
	for (size_t i = 0; keys && keys->kind == NODE_LIST &&
			   i < keys->list.count && (fine || run->diags);
		i++) {
		const struct node *key = keys->list.items[i];

		if (key->kind != NODE_STRING ||
			node_get_bytes(
				map, key->string.bytes, key->string.length))
			continue;
		fine = fail_missing(run, rejected, key, because);
	}
	return fine;
}

static bool check_map(struct run *run, const struct jsonschema *schema,
	const struct instance *instance)
{
	const struct node *map = instance->node;
	const struct node *dependent = schema->dependent_required;
	bool fine = check_size(run, schema, instance, map->map.count,
		&(const struct size){schema->min_properties,
			schema->max_properties, "minProperties",
			"maxProperties", "keys"});

	fine = assert_keys(run, REJECTED(schema, "required", instance),
		       schema->required, NULL) &&
	       fine;
	if (!dependent || dependent->kind != NODE_MAP)
		return fine;
	for (size_t i = 0; i < dependent->map.count; i++) {
		const struct member *member = &dependent->map.members[i];
		const struct node *key = member->key;

		if (node_get_bytes(map, key->string.bytes, key->string.length))
			fine = assert_keys(run,
				       REJECTED(schema, "dependentRequired",
					       instance),
				       member->value, key->string.bytes) &&
			       fine;
	}
	return fine;
}

static bool reject_choice(struct run *run, const struct jsonschema *schema,
	const struct instance *instance)
{
	const struct node *choices = schema->choices;

	if (schema->constant && !node_equal(schema->constant, instance->node))
		return fail_choice(run, REJECTED(schema, "const", instance),
			&schema->constant, 1);
	return fail_choice(run, REJECTED(schema, "enum", instance),
		(const struct node *const *)choices->list.items,
		choices->list.count);
}

bool assert_value(struct run *run, const struct jsonschema *schema,
	const struct instance *instance)
{
	const struct node *node = instance->node;

	/* The wrong type makes the other assertions pointless. */
	if (schema->types && !value_has_type(schema->types, node))
		return fail_type(
			run, REJECTED(schema, "type", instance), schema->types);
	if (schema->choices)
		spend(run, schema->choices->list.count);
	if (!assert_is_chosen(schema, node))
		return reject_choice(run, schema, instance);
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
