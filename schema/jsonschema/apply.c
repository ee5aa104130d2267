#include "schema/jsonschema/evaluation.h"

#include <stdlib.h>
#include <string.h>

/*
 * Apply a schema to the same instance. What it evaluated counts for us only
 * when it succeeds, and it does not see what we have evaluated: core 11.
 */
static bool apply(struct run *run, const struct jsonschema *schema,
	const struct instance *instance, struct seen *seen)
{
	struct seen inner = {.count = seen ? seen->count : 0};
	bool fine;

	if (!seen)
		return evaluate(run, schema, instance, NULL);
	inner.marks = own_alloc(inner.count);
	fine = evaluate(run, schema, instance, &inner);
	for (size_t i = 0; fine && i < inner.count; i++)
		seen->marks[i] |= inner.marks[i];
	free(inner.marks);
	return fine;
}

static bool apply_quietly(struct run *run, const struct jsonschema *schema,
	const struct instance *instance, struct seen *seen)
{
	struct diags *diags = run->diags;
	bool fine;

	run->diags = NULL;
	fine = apply(run, schema, instance, seen);
	run->diags = diags;
	return fine;
}

static bool explain(struct run *run, const struct rejected *rejected,
	const struct schema_list *list)
{
	if (!run->diags || run->exhausted)
		return false;
	if (fail_has_own_message(rejected))
		return fail_with(run, rejected, RULE_SCHEMA_CONSTRAINT, "%s",
			rejected->schema->message);
	return branches_explain(run, rejected, list);
}

static bool check_any(struct run *run, const struct jsonschema *schema,
	const struct instance *instance, struct seen *seen)
{
	bool any = false;

	/* With unevaluated* around, every branch that fits counts. */
	for (size_t i = 0; i < schema->any_of.count && (!any || seen); i++)
		if (apply_quietly(run, schema->any_of.list[i], instance, seen))
			any = true;
	if (any)
		return true;
	return explain(
		run, REJECTED(schema, "anyOf", instance), &schema->any_of);
}

static bool check_one(struct run *run, const struct jsonschema *schema,
	const struct instance *instance, struct seen *seen)
{
	size_t fitting = 0;
	char name[SUBJECT_SIZE];

	for (size_t i = 0; i < schema->one_of.count && fitting < 2; i++)
		fitting += apply_quietly(
			run, schema->one_of.list[i], instance, seen);
	if (fitting == 1)
		return true;
	if (fitting > 1)
		return fail_with(run, REJECTED(schema, "oneOf", instance),
			RULE_SCHEMA_CONSTRAINT,
			"%s fits more than one of the allowed forms",
			fail_subject(name, instance));
	return explain(
		run, REJECTED(schema, "oneOf", instance), &schema->one_of);
}

static bool check_condition(struct run *run, const struct jsonschema *schema,
	const struct instance *instance, struct seen *seen)
{
	const struct jsonschema *branch;

	if (!schema->if_)
		return true;
	branch = apply_quietly(run, schema->if_, instance, seen)
			 ? schema->then_
			 : schema->else_;
	return !branch || apply(run, branch, instance, seen);
}

static bool check_dependents(struct run *run, const struct jsonschema *schema,
	const struct named_list *list, const struct instance *instance,
	struct seen *seen)
{
	bool fine = true;

	if (instance->node->kind != NODE_MAP)
		return true;
	for (size_t i = 0; i < list->count; i++) {
		const struct named_schema *dependent = &list->list[i];

		if (!node_get_bytes(
			    instance->node, dependent->name, dependent->length))
			continue;
		if (dependent->keys)
			fine = assert_keys(run,
				       REJECTED(schema, "dependencies",
					       instance),
				       dependent->keys, dependent->name) &&
			       fine;
		else
			fine = apply(run, dependent->schema, instance, seen) &&
			       fine;
	}
	return fine;
}

/*
 * The outermost resource in scope with a dynamic anchor of that name decides;
 * else it is an ordinary reference: core, section 8.2.3.2.
 */
static const struct jsonschema *dynamic_target(
	struct run *run, const struct jsonschema *schema)
{
	const struct jsonschema *target = schema->dynamic_ref;
	size_t seen = 0;

	if (!schema->dynamic_name)
		return target;
	for (const struct scope *scope = run->scope; scope;
		scope = scope->outer)
		for (const struct anchor *a = scope->resource->anchors; a;
			a = a->next, seen++)
			if (a->dynamic && a->schema &&
				!strcmp(a->name, schema->dynamic_name))
				target = a->schema;
	spend(run, seen);
	return target;
}

bool apply_in_place(struct run *run, const struct jsonschema *schema,
	const struct instance *instance, struct seen *seen)
{
	bool fine = true;
	char name[SUBJECT_SIZE];

	if (schema->ref)
		fine = apply(run, schema->ref, instance, seen);
	if (schema->dynamic_ref && (fine || run->diags))
		fine = apply(run, dynamic_target(run, schema), instance,
			       seen) &&
		       fine;
	for (size_t i = 0; i < schema->all_of.count && (fine || run->diags);
		i++)
		fine = apply(run, schema->all_of.list[i], instance, seen) &&
		       fine;
	if (schema->any_of.count && (fine || run->diags))
		fine = check_any(run, schema, instance, seen) && fine;
	if (schema->one_of.count && (fine || run->diags))
		fine = check_one(run, schema, instance, seen) && fine;
	if (schema->not_ && (fine || run->diags) &&
		apply_quietly(run, schema->not_, instance, NULL))
		fine = fail_with(run, REJECTED(schema, "not", instance),
			RULE_SCHEMA_CONSTRAINT,
			"%s is what the schema does not allow",
			fail_subject(name, instance));
	if (fine || run->diags)
		fine = check_condition(run, schema, instance, seen) && fine;
	if (fine || run->diags)
		fine = check_dependents(run, schema, &schema->dependents,
			       instance, seen) &&
		       fine;
	if (schema->dependencies.count && (fine || run->diags))
		fine = check_dependents(run, schema, &schema->dependencies,
			       instance, seen) &&
		       fine;
	return fine;
}
