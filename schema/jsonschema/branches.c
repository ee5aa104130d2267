/*
 * anyOf and oneOf: which branch a value was meant for, when it fits none.
 */
#include "schema/jsonschema/evaluation.h"

#include <stdlib.h>
#include <string.h>

/* How badly a branch fits, worst first. */
enum {
	WRONG_TYPE = 1000 * 1000,
	WRONG_CHOICE = 1000, /* of a key with a const or an enum */
	WRONG_KEY_TYPE = 100,
	WRONG = 10, /* any other error */
	UNKNOWN = 1,
	MOST_REFERENCES = 8,
};

/* What a branch says, behind the references it may consist of. */
static const struct jsonschema *behind(const struct jsonschema *branch)
{
	for (int i = 0; i < MOST_REFERENCES && branch->ref && !branch->types &&
			!branch->properties.count && !branch->constant &&
			!branch->choices;
		i++)
		branch = branch->ref;
	return branch;
}

static bool chooses(const struct jsonschema *schema)
{
	return schema && (schema->constant || schema->choices);
}

/* Each key that is there with a value the branch does not give it. */
static size_t misfit_of_keys(
	const struct jsonschema *branch, const struct node *map)
{
	size_t misfit = 0;

	for (size_t i = 0; i < map->map.count; i++) {
		const struct member *member = &map->map.members[i];
		const struct jsonschema *key = evaluate_find_property(
			branch, member->key);

		if (!key)
			continue;
		key = behind(key);
		if (key->types && !value_has_type(key->types, member->value))
			misfit += WRONG_KEY_TYPE;
		if (!assert_is_chosen(key, member->value))
			misfit += WRONG_CHOICE;
	}
	return misfit;
}

static size_t misfit(const struct jsonschema *branch,
	const struct instance *instance, const struct diags *findings)
{
	const struct node *node = instance->node;

	branch = behind(branch);
	if (branch->types && !value_has_type(branch->types, node))
		return WRONG_TYPE;
	return findings->errors * WRONG + findings->warnings * UNKNOWN +
	       (assert_is_chosen(branch, node) ? 0 : WRONG_CHOICE) +
	       (node->kind == NODE_MAP ? misfit_of_keys(branch, node) : 0);
}

static unsigned all_types(const struct schema_list *list)
{
	unsigned types = 0;

	for (size_t i = 0; i < list->count; i++)
		types |= behind(list->list[i])->types;
	return types;
}

/* The branch's own say on a key, or on the value itself when key is NULL. */
static const struct jsonschema *say(
	const struct jsonschema *branch, const struct node *key)
{
	const struct jsonschema *at = behind(branch);

	if (!key)
		return at;
	at = evaluate_find_property(at, key);
	return at ? behind(at) : NULL;
}

static bool all_choose(const struct schema_list *list, const struct node *key)
{
	for (size_t i = 0; i < list->count; i++)
		if (!chooses(say(list->list[i], key)))
			return false;
	return true;
}

static bool any_chosen(const struct schema_list *list, const struct node *key,
	const struct node *value)
{
	for (size_t i = 0; i < list->count; i++)
		if (assert_is_chosen(say(list->list[i], key), value))
			return true;
	return false;
}

static bool fail_all_choices(struct run *run, const struct rejected *rejected,
	const struct schema_list *list, const struct node *key)
{
	const struct node **values = NULL;
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++)
		count = fail_add_choices(
			&values, count, say(list->list[i], key));
	fail_choice(run, rejected, values, count);
	free(values);
	return false;
}

/*
 * Where every branch gives the value, or one key of it, a const or an enum,
 * and the value is none of them: say so, and nothing else.
 */
static bool explain_choice(struct run *run, const struct rejected *rejected,
	const struct schema_list *list)
{
	const struct node *node = rejected->instance->node;

	if (all_choose(list, NULL))
		return !any_chosen(list, NULL, node) &&
		       !fail_all_choices(run, rejected, list, NULL);
	for (size_t i = 0; node->kind == NODE_MAP && i < node->map.count; i++) {
		const struct member *member = &node->map.members[i];
		const struct instance value = {.node = member->value,
			.key = member->key,
			.parent = rejected->instance};
		struct rejected inner = *rejected;

		if (!all_choose(list, member->key) ||
			any_chosen(list, member->key, member->value))
			continue;
		inner.instance = &value;
		return !fail_all_choices(run, &inner, list, member->key);
	}
	return false;
}

/*
 * What would be said if this branch were the only one. What it says beyond
 * the most that is told is not counted.
 */
static void try(struct run *run, const struct jsonschema *branch,
	const struct instance *instance, struct diags *findings)
{
	struct diags *diags = run->diags;
	size_t base = run->base;
	size_t more = run->more;
	bool more_errors = run->more_errors;

	diags_copy_severities(findings, diags);
	run->diags = findings;
	run->base = 0;
	evaluate(run, branch, instance, NULL);
	run->diags = diags;
	run->base = base;
	run->more = more;
	run->more_errors = more_errors;
}

bool branches_explain(struct run *run, const struct rejected *rejected,
	const struct schema_list *list)
{
	const struct instance *instance = rejected->instance;
	struct diags best = DIAGS_INIT;
	size_t least = SIZE_MAX;
	bool fine;

	if (explain_choice(run, rejected, list))
		return false;
	for (size_t i = 0; i < list->count; i++) {
		struct diags findings = DIAGS_INIT;
		size_t bad;

		try(run, list->list[i], instance, &findings);
		bad = misfit(list->list[i], instance, &findings);
		if (bad < least || run->exhausted) {
			least = bad;
			diags_release(&best);
			best = findings;
		} else {
			diags_release(&findings);
		}
	}
	if (least >= WRONG_TYPE) {
		diags_release(&best);
		return fail_type(run, rejected, all_types(list));
	}
	fine = !best.errors && best.count;
	diags_move(run->diags, &best);
	return fine;
}
