#include "schema/jsonschema/evaluation.h"
#include "schema/jsonschema/location.h"

#include "schema/base/suggest.h"
#include "schema/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_CHOICES = 12, MOST_VALUE = 60, MOST_KEY = 70 };

const char *fail_subject(
	char buffer[SUBJECT_SIZE], const struct instance *instance)
{
	char key[NODE_SHOWN_SIZE];

	if (instance->is_name)
		snprintf(buffer, SUBJECT_SIZE, "the key '%s'",
			node_show(key, instance->key, MOST_KEY));
	else if (instance->key)
		snprintf(buffer, SUBJECT_SIZE, "%s'%s'",
			instance->is_item ? "an item of " : "",
			node_show(key, instance->key, MOST_KEY));
	else
		snprintf(buffer, SUBJECT_SIZE, "this value");
	return buffer;
}

bool fail_has_own_message(const struct rejected *rejected)
{
	static const char *const excepted[] = {"type", "required",
		"additionalProperties", "unevaluatedProperties", "pattern",
		"format"};
	const struct jsonschema *schema = rejected->schema;

	if (!schema->message || schema->pattern || schema->format)
		return false;
	for (size_t i = 0; i < COUNT(excepted); i++)
		if (rejected->keyword &&
			!strcmp(excepted[i], rejected->keyword))
			return false;
	return true;
}

static void locate(struct run *run, const struct instance *instance,
	const struct rejected *rejected)
{
	AUTO(text) pointer = TEXT_INIT;
	AUTO(text) keyword = TEXT_INIT;

	location_instance(&pointer, instance);
	location_keyword(&keyword, rejected->schema, rejected->keyword);
	diag_locate(run->diags, pointer.data, keyword.data);
}

void fail_append_citation(struct text *message, const struct jsonschema *schema,
	const char *keyword)
{
	const struct member *member;

	if (!schema->cite)
		return;
	member = keyword ? node_member(schema->node, keyword) : NULL;
	text_format(message, " (%s:%u)", schema->node->at.source->path,
		member ? member->key->at.line : schema->node->at.line);
}

/* Two parts of a schema may say the same of a value. */
static bool is_known(const struct run *run, const struct origin *at,
	enum rule rule, const char *message)
{
	enum { LOOK_BACK = 8 };
	const struct diags *diags = run->diags;

	for (size_t i = diags->count;
		i > run->base && diags->count - i < LOOK_BACK; i--) {
		const struct diag *diag = &diags->list[i - 1];

		if (diag->rule == rule && diag->line == at->line &&
			diag->column == at->column &&
			!strcmp(diag->message, message))
			return true;
	}
	return false;
}

static bool is_full(const struct run *run)
{
	return run->diags->count >= run->base + MAX_FINDINGS;
}

/* Instead of a message, which may take long to write. */
static bool count_error(struct run *run)
{
	run->more++;
	run->more_errors = true;
	return false;
}

/*
 * The pointer names `instance`; `about` is for diag_about(). False when the
 * finding is an error.
 */
static bool add_finding(struct run *run, const struct instance *instance,
	const struct rejected *rejected, const struct origin *at,
	enum rule rule, const char *about, struct text *message)
{
	enum severity severity = rule == RULE_SCHEMA_UNKNOWN_KEY
					 ? diags_severity(run->diags, rule)
					 : SEVERITY_ERROR;
	bool fine = severity != SEVERITY_ERROR;

	if (severity == SEVERITY_OFF)
		return true;
	if (is_full(run)) {
		run->more++;
		run->more_errors |= !fine;
		return fine;
	}
	fail_append_citation(message, rejected->schema, rejected->keyword);
	if (is_known(run, at, rule, message->data))
		return fine;
	if (fine)
		diag_report(run->diags, at, rule, "%s", message->data);
	else
		diag_error(run->diags, at, rule, "%s", message->data);
	locate(run, instance, rejected);
	diag_about(run->diags, about);
	return fine;
}

/* About the value itself, where x-message may know better. */
static bool add_value(struct run *run, const struct rejected *rejected,
	enum rule rule, struct text *message)
{
	const struct instance *instance = rejected->instance;

	if (fail_has_own_message(rejected)) {
		text_clear(message);
		text_append(message, rejected->schema->message);
	}
	return add_finding(run, instance, rejected, &instance->node->at, rule,
		NULL, message);
}

bool fail_with(struct run *run, const struct rejected *rejected, enum rule rule,
	const char *format, ...)
{
	AUTO(text) message = TEXT_INIT;
	va_list arguments;

	if (!run->diags)
		return false;
	if (is_full(run))
		return count_error(run);
	va_start(arguments, format);
	text_vformat(&message, format, arguments);
	va_end(arguments);
	return add_value(run, rejected, rule, &message);
}

bool fail_text(struct run *run, const struct rejected *rejected,
	const char *wanted, const char *pattern)
{
	const struct instance *instance = rejected->instance;
	AUTO(text) message = TEXT_INIT;
	char name[SUBJECT_SIZE];
	char shown[NODE_SHOWN_SIZE];

	if (!run->diags)
		return false;
	text_append(&message, fail_subject(name, instance));
	if (!instance->is_name)
		text_format(&message, " is '%s', %s",
			node_show(shown, instance->node, NODE_MOST_SHOWN),
			wanted ? "not" : "which does not match");
	else
		text_append(&message, wanted ? " is not" : " does not match");
	text_format(&message, wanted ? " %s" : " '%.80s'",
		wanted ? wanted : pattern);
	return fail_with(run, rejected, RULE_SCHEMA_FORMAT, "%s", message.data);
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

/* YAML 1.1 had more words for these. */
static const char *boolean_meant(const struct node *node)
{
	static const struct {
		const char *word, *meant;
	} words[] = {{"yes", "true"}, {"y", "true"}, {"on", "true"},
		{"no", "false"}, {"n", "false"}, {"off", "false"},
		{"true", "true"}, {"false", "false"}};
	const char *text = node_string(node);

	for (size_t i = 0; text && i < COUNT(words); i++)
		if (!strcasecmp(text, words[i].word))
			return words[i].meant;
	return NULL;
}

bool fail_type(struct run *run, const struct rejected *rejected, unsigned types)
{
	const struct instance *instance = rejected->instance;
	AUTO(text) wanted = TEXT_INIT;
	char name[SUBJECT_SIZE];
	const char *is = kind_words(instance->node);
	const char *meant = NULL;

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
	if (types & 1u << TYPE_BOOLEAN)
		meant = boolean_meant(instance->node);
	return fail_with(run, rejected, RULE_SCHEMA_TYPE,
		"%s is %s, not %s%s%s", fail_subject(name, instance), is,
		wanted.data, meant ? "; write " : "", meant ? meant : "");
}

static void append_number(struct text *text, const struct node *node)
{
	if (node->kind == NODE_INT)
		text_format(text, "%lld", (long long)node->integer);
	else
		text_format(text, "%.15g", node->number);
}

static const char *range_keyword(
	const struct jsonschema *schema, const struct node *number)
{
	if (schema->minimum && !(value_compare(number, schema->minimum) >= 0))
		return "minimum";
	if (schema->maximum && value_compare(number, schema->maximum) > 0)
		return "maximum";
	if (schema->exclusive_minimum &&
		value_compare(number, schema->exclusive_minimum) <= 0)
		return "exclusiveMinimum";
	if (schema->exclusive_maximum &&
		value_compare(number, schema->exclusive_maximum) >= 0)
		return "exclusiveMaximum";
	/* .nan */
	return schema->minimum             ? "minimum"
	       : schema->maximum           ? "maximum"
	       : schema->exclusive_minimum ? "exclusiveMinimum"
					   : "exclusiveMaximum";
}

/* "below 5", or what is between where both ends are there. */
static void append_range(struct text *message, const struct jsonschema *schema,
	const char *keyword)
{
	const struct node *low = schema->minimum;
	const struct node *high = schema->maximum;

	if (!strcmp(keyword, "exclusiveMinimum")) {
		text_append(message, ", not above ");
		append_number(message, schema->exclusive_minimum);
	} else if (!strcmp(keyword, "exclusiveMaximum")) {
		text_append(message, ", not below ");
		append_number(message, schema->exclusive_maximum);
	} else if (low && high) {
		text_append(message, ", not between ");
		append_number(message, low);
		text_append(message, " and ");
		append_number(message, high);
	} else {
		text_append(message, low ? ", below " : ", above ");
		append_number(message, low ? low : high);
	}
}

bool fail_range(struct run *run, const struct rejected *rejected)
{
	const struct instance *instance = rejected->instance;
	const struct jsonschema *schema = rejected->schema;
	struct rejected by = *rejected;
	AUTO(text) message = TEXT_INIT;
	char name[SUBJECT_SIZE];

	if (!run->diags)
		return false;
	by.keyword = range_keyword(schema, instance->node);
	text_format(&message, "%s is ", fail_subject(name, instance));
	append_number(&message, instance->node);
	append_range(&message, schema, by.keyword);
	return add_value(run, &by, RULE_SCHEMA_RANGE, &message);
}

static void append_value(struct text *text, const struct node *node)
{
	char shown[NODE_SHOWN_SIZE];

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
		text_format(text, "'%s'", node_show(shown, node, MOST_VALUE));
		return;
	case NODE_LIST:
	case NODE_MAP:
		text_append(text, kind_words(node));
		return;
	}
}

/* The nearest of the allowed texts, or NULL. */
static const char *nearest_choice(const struct node *const *values,
	size_t count, const struct node *value)
{
	const char *known[MOST_CHOICES];
	size_t texts = 0;

	if (!node_string(value))
		return NULL;
	for (size_t i = 0; i < count && texts < MOST_CHOICES; i++)
		if (node_string(values[i]))
			known[texts++] = node_string(values[i]);
	return suggest_nearest(node_string(value), known, texts);
}

size_t fail_add_choices(const struct node ***values, size_t count,
	const struct jsonschema *schema)
{
	const struct node *list = schema->choices;
	size_t more = list ? list->list.count : 0;

	*values = own_realloc(*values, count + more + 1, sizeof(**values));
	if (schema->constant) {
		(*values)[count++] = schema->constant;
		return count;
	}
	for (size_t i = 0; i < more; i++)
		(*values)[count++] = list->list.items[i];
	return count;
}

bool fail_choice(struct run *run, const struct rejected *rejected,
	const struct node *const *values, size_t count)
{
	const struct instance *instance = rejected->instance;
	AUTO(text) message = TEXT_INIT;
	char name[SUBJECT_SIZE];
	const char *near;

	if (!run->diags)
		return false;
	text_format(&message, "%s is ", fail_subject(name, instance));
	if (!instance->is_name) {
		append_value(&message, instance->node);
		text_append(&message, ", ");
	}
	text_append(&message, count > 1 ? "not one of " : "not ");
	for (size_t i = 0; i < count && i < MOST_CHOICES; i++) {
		if (i)
			text_append(&message, ", ");
		append_value(&message, values[i]);
	}
	if (count > MOST_CHOICES)
		text_append(&message, ", ...");
	near = nearest_choice(values, count, instance->node);
	if (near)
		text_format(&message, "; did you mean '%s'?", near);
	return add_value(run, rejected, RULE_SCHEMA_ENUM, &message);
}

/* Nothing counts any more: only the first place is kept. */
void fail_set_limit(struct run *run, const struct rejected *rejected)
{
	AUTO(text) instance = TEXT_INIT;
	AUTO(text) keyword = TEXT_INIT;

	if (run->exhausted)
		return;
	run->exhausted = true;
	location_instance(&instance, rejected->instance);
	location_keyword(&keyword, rejected->schema, rejected->keyword);
	run->limit = (struct limit){.at = rejected->instance->node->at,
		.instance = text_detach(&instance),
		.keyword = text_detach(&keyword)};
}

bool fail_too_hard(struct run *run, const struct rejected *rejected,
	const struct regex *regex)
{
	if (!run->exhausted) {
		fail_set_limit(run, rejected);
		run->limit.hard = regex;
	}
	return false;
}

/* A missing key is reported where the map begins: at its first key. */
bool fail_missing(struct run *run, const struct rejected *rejected,
	const struct node *key, const char *because)
{
	const struct instance *instance = rejected->instance;
	const struct node *map = instance->node;
	struct origin at = map->at;
	AUTO(text) message = TEXT_INIT;
	char shown[NODE_SHOWN_SIZE];

	if (!run->diags)
		return false;
	if (is_full(run))
		return count_error(run);
	if (instance->key && !instance->is_item)
		at = instance->key->at;
	else if (map->map.count)
		at = map->map.members[0].key->at;
	text_format(&message, "required key '%s' is missing",
		node_show(shown, key, NODE_MOST_SHOWN));
	if (instance->key)
		text_format(&message, " in '%s'",
			node_show(shown, instance->key, NODE_MOST_SHOWN));
	if (because)
		text_format(&message, "; '%.80s' needs it", because);
	return add_finding(run, instance, rejected, &at, RULE_SCHEMA_REQUIRED,
		key->string.bytes, &message);
}

/*
 * An unknown key, found in the rejected map, whose name is like that of a key
 * the map does not have. `meant` lives as long as the schema.
 */
static void remember_typo(struct run *run, const struct rejected *rejected,
	const struct member *member, const char *meant)
{
	if (run->typo_count < MAX_TYPOS)
		run->typos[run->typo_count++] = (struct typo){
			rejected->instance->node, member, rejected->schema,
			meant};
}

bool fail_unknown(struct run *run, const struct rejected *rejected,
	const struct member *member)
{
	const struct jsonschema *schema = rejected->schema;
	const struct node *map = rejected->instance->node;
	const struct instance value = {.node = member->value,
		.key = member->key,
		.parent = rejected->instance};
	AUTO(text) message = TEXT_INIT;
	size_t count = 0;
	const char **known;
	const char *near;
	char shown[NODE_SHOWN_SIZE];

	if (!run->diags)
		return false;
	known = own_alloc((schema->properties.count + 1) * sizeof(char *));
	for (size_t i = 0; !is_full(run) && i < schema->properties.count; i++)
		if (!node_get(map, schema->properties.list[i].name))
			known[count++] = schema->properties.list[i].name;
	near = suggest_nearest(member->key->string.bytes, known, count);
	free(known);
	text_format(&message, "unknown key '%s'",
		node_show(shown, member->key, NODE_MOST_SHOWN));
	if (near) {
		text_format(&message, ", did you mean '%s'?", near);
		remember_typo(run, rejected, member, near);
	}
	return add_finding(run, &value, rejected, &member->key->at,
		RULE_SCHEMA_UNKNOWN_KEY, near, &message);
}
