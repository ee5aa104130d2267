#include "schema/jsonschema/run.h"

#include "schema/nearest.h"
#include "schema/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_CHOICES = 12, MOST_VALUE = 60 };

const char *subject(char buffer[SUBJECT_SIZE], const struct instance *instance)
{
	if (instance->key)
		snprintf(buffer, SUBJECT_SIZE, "%s'%.70s'",
			instance->is_item ? "an item of " : "",
			instance->key->string.bytes);
	else
		snprintf(buffer, SUBJECT_SIZE, "this value");
	return buffer;
}

static bool add(struct run *run, const struct origin *at, enum rule rule,
	const struct text *message)
{
	return diag_error(run->diags, at, rule, "%s", message->data);
}

bool fail(struct run *run, const struct instance *instance, enum rule rule,
	const char *format, ...)
{
	AUTO(text) message = TEXT_INIT;
	va_list arguments;

	if (!run->diags)
		return false;
	va_start(arguments, format);
	text_vformat(&message, format, arguments);
	va_end(arguments);
	return add(run, &instance->node->at, rule, &message);
}

static const char *type_words(int type)
{
	static const char *const words[TYPE_COUNT] = {
		[TYPE_NULL] = "null",
		[TYPE_BOOLEAN] = "true or false",
		[TYPE_INTEGER] = "a whole number",
		[TYPE_NUMBER] = "a number",
		[TYPE_STRING] = "a text",
		[TYPE_ARRAY] = "a list",
		[TYPE_OBJECT] = "a map",
	};

	return words[type];
}

static const char *kind_words(const struct node *node)
{
	switch (node->kind) {
	case NODE_NULL:
		return "empty";
	case NODE_BOOL:
		return node->boolean ? "true" : "false";
	case NODE_INT:
	case NODE_FLOAT:
		return "a number";
	case NODE_STRING:
		return "a text";
	case NODE_LIST:
		return "a list";
	case NODE_MAP:
		return "a map";
	}
	return "something";
}

bool fail_type(struct run *run, const struct instance *instance, unsigned types)
{
	AUTO(text) wanted = TEXT_INIT;
	char name[SUBJECT_SIZE];
	const char *is = kind_words(instance->node);

	if (!run->diags)
		return false;
	if (types & 1u << TYPE_NUMBER)
		types &= ~(1u << TYPE_INTEGER);
	if (instance->node->kind == NODE_FLOAT)
		is = "a fraction";
	for (int type = 0; type < TYPE_COUNT; type++)
		if (types >> type & 1)
			text_format(&wanted, "%s%s",
				wanted.length ? " or " : "", type_words(type));
	return fail(run, instance, RULE_SCHEMA_TYPE, "%s is %s, not %s",
		subject(name, instance), is, wanted.data);
}

static void append_number(struct text *text, const struct node *node)
{
	if (node->kind == NODE_INT)
		text_format(text, "%lld", (long long)node->integer);
	else
		text_format(text, "%.15g", node->number);
}

bool fail_range(struct run *run, const struct jsonschema *schema,
	const struct instance *instance)
{
	const struct node *low = schema->minimum;
	const struct node *high = schema->maximum;
	AUTO(text) message = TEXT_INIT;
	char name[SUBJECT_SIZE];

	if (!run->diags)
		return false;
	text_format(&message, "%s is ", subject(name, instance));
	append_number(&message, instance->node);
	if (low && high) {
		text_append(&message, ", not between ");
		append_number(&message, low);
		text_append(&message, " and ");
		append_number(&message, high);
	} else if (schema->exclusive_minimum &&
		   compare_numbers(instance->node, schema->exclusive_minimum) <=
			   0) {
		text_append(&message, ", not above ");
		append_number(&message, schema->exclusive_minimum);
	} else if (schema->exclusive_maximum &&
		   compare_numbers(instance->node, schema->exclusive_maximum) >=
			   0) {
		text_append(&message, ", not below ");
		append_number(&message, schema->exclusive_maximum);
	} else if (low || high) {
		text_append(&message, low ? ", below " : ", above ");
		append_number(&message, low ? low : high);
	}
	return add(run, &instance->node->at, RULE_SCHEMA_RANGE, &message);
}

static void append_value(struct text *text, const struct node *node)
{
	switch (node->kind) {
	case NODE_NULL:
		text_append(text, "null");
		return;
	case NODE_BOOL:
		text_append(text, node->boolean ? "true" : "false");
		return;
	case NODE_INT:
	case NODE_FLOAT:
		append_number(text, node);
		return;
	case NODE_STRING:
		text_format(text, "'%.*s'", MOST_VALUE, node->string.bytes);
		return;
	case NODE_LIST:
	case NODE_MAP:
		text_append(text, kind_words(node));
		return;
	}
}

/* The nearest of the allowed texts, or NULL. */
static const char *nearest_choice(
	const struct node *choices, const struct node *value)
{
	const char *known[MOST_CHOICES];
	size_t count = 0;

	if (!choices || !node_string(value))
		return NULL;
	for (size_t i = 0; i < choices->list.count && count < MOST_CHOICES; i++)
		if (node_string(choices->list.items[i]))
			known[count++] = node_string(choices->list.items[i]);
	return nearest(node_string(value), known, count);
}

bool fail_choice(struct run *run, const struct jsonschema *schema,
	const struct instance *instance)
{
	const struct node *choices = schema->choices;
	size_t count = choices ? choices->list.count : 0;
	AUTO(text) message = TEXT_INIT;
	char name[SUBJECT_SIZE];
	const char *near;

	if (!run->diags)
		return false;
	text_format(&message, "%s is ", subject(name, instance));
	append_value(&message, instance->node);
	text_append(&message, count > 1 ? ", not one of " : ", not ");
	if (!choices)
		append_value(&message, schema->constant);
	for (size_t i = 0; i < count && i < MOST_CHOICES; i++) {
		if (i)
			text_append(&message, ", ");
		append_value(&message, choices->list.items[i]);
	}
	if (count > MOST_CHOICES)
		text_append(&message, ", ...");
	near = nearest_choice(choices, instance->node);
	if (near)
		text_format(&message, "; did you mean '%s'?", near);
	return add(run, &instance->node->at, RULE_SCHEMA_ENUM, &message);
}

/*
 * Inside anyOf or not, "no" would be an answer like another: nothing counts
 * any more.
 */
bool fail_too_hard(struct run *run, const struct instance *instance,
	const struct regex *regex)
{
	if (!run->exhausted) {
		run->limit = instance->node->at;
		run->hard = regex;
	}
	run->exhausted = true;
	return false;
}

/* A missing key is reported where the map begins: at its first key. */
bool fail_missing(struct run *run, const struct instance *instance,
	const struct node *key, const char *because)
{
	const struct node *map = instance->node;
	struct origin at = map->at;
	AUTO(text) message = TEXT_INIT;

	if (!run->diags)
		return false;
	if (instance->key && !instance->is_item)
		at = instance->key->at;
	else if (map->map.count)
		at = map->map.members[0].key->at;
	text_format(
		&message, "required key '%.80s' is missing", key->string.bytes);
	if (instance->key)
		text_format(
			&message, " in '%.80s'", instance->key->string.bytes);
	if (because)
		text_format(&message, "; '%.80s' needs it", because);
	return add(run, &at, RULE_SCHEMA_REQUIRED, &message);
}

bool fail_unknown(struct run *run, const struct jsonschema *schema,
	const struct instance *instance, const struct member *member)
{
	size_t count = 0;
	const char **known;
	const char *near;
	const char *key = member->key->string.bytes;
	bool fine;

	if (!run->diags)
		return false;
	known = own_alloc((schema->properties.count + 1) * sizeof(char *));
	for (size_t i = 0; i < schema->properties.count; i++)
		if (!node_get(instance->node, schema->properties.list[i].name))
			known[count++] = schema->properties.list[i].name;
	near = nearest(key, known, count);
	if (near)
		fine = diag_report(run->diags, &member->key->at,
			RULE_SCHEMA_UNKNOWN_KEY,
			"unknown key '%.80s', did you mean '%s'?", key, near);
	else
		fine = diag_report(run->diags, &member->key->at,
			RULE_SCHEMA_UNKNOWN_KEY, "unknown key '%.80s'", key);
	free(known);
	return fine;
}
