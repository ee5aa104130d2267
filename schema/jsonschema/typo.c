/*
 * A required key with a typo in it: one mistake, which two keywords find.
 */
#include "schema/jsonschema/evaluation.h"
#include "schema/jsonschema/location.h"
#include "schema/jsonschema/regex/regex.h"

#include "schema/base/text.h"

#include <stdlib.h>
#include <string.h>

/*
 * The tree with another name for the member, wherever its map stands. What
 * has no map below it is shared with the document.
 */
static struct node *correct(
	struct arena *arena, const struct typo *typo, const struct node *from)
{
	struct node *to;

	if (from->kind != NODE_MAP && from->kind != NODE_LIST)
		return (struct node *)from;
	to = node_new(arena, from->kind, &from->at);
	to->weight = from->weight;
	if (from->kind == NODE_LIST) {
		to->list.count = from->list.count;
		to->list.items = arena_alloc(
			arena, to->list.count * sizeof(*to->list.items));
		for (size_t i = 0; i < to->list.count; i++)
			to->list.items[i] = correct(
				arena, typo, from->list.items[i]);
		return to;
	}
	to->map.count = from->map.count;
	to->map.members = arena_alloc(
		arena, to->map.count * sizeof(*to->map.members));
	for (size_t i = 0; i < to->map.count; i++) {
		const struct member *member = &from->map.members[i];

		to->map.members[i] = (struct member){
			.key = member == typo->member
				       ? node_new_string(arena, typo->meant,
						 strlen(typo->meant),
						 &member->key->at)
				       : member->key,
			.value = correct(arena, typo, member->value)};
	}
	node_index(arena, to);
	return to;
}

/* What the schema says of the corrected document; false: it cannot tell. */
static bool try(const struct run *run, const struct jsonschema *schema,
	const struct typo *typo, const struct node *document,
	struct diags *findings)
{
	AUTO(arena) arena = ARENA_INIT;
	struct run again = {.diags = findings, .regex_budget = REGEX_BUDGET};
	const struct instance instance = {
		.node = correct(&arena, typo, document)};

	diags_copy_severities(findings, run->diags);
	evaluate(&again, schema, &instance, NULL);
	free(again.limit.instance);
	free(again.limit.keyword);
	return !again.exhausted;
}

static bool same_text(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

static bool has(const struct diags *findings, const struct diag *diag)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct diag *other = &findings->list[i];

		if (other->rule == diag->rule && other->line == diag->line &&
			other->column == diag->column &&
			same_text(other->keyword, diag->keyword) &&
			!strcmp(other->message, diag->message))
			return true;
	}
	return false;
}

/* The finding about the key, if it still is one. */
static const struct diag *find_unknown(
	const struct run *run, const struct typo *typo)
{
	const struct origin *at = &typo->member->key->at;

	for (size_t i = run->base; i < run->diags->count; i++) {
		const struct diag *diag = &run->diags->list[i];

		if (diag->rule == RULE_SCHEMA_UNKNOWN_KEY &&
			diag->line == at->line && diag->column == at->column)
			return diag;
	}
	return NULL;
}

/* Is it of the map, and about what is in it or not in it? */
static bool concerns(const struct diag *diag, const char *map)
{
	return (diag->rule == RULE_SCHEMA_REQUIRED ||
		       diag->rule == RULE_SCHEMA_CONSTRAINT) &&
	       same_text(diag->instance, map);
}

/*
 * Correct the key and look again: what is not said then of the map was said
 * because of the typo. `told` typos stand behind all other findings; the
 * result is whether this one does, too.
 */
static bool explain(struct run *run, const struct jsonschema *schema,
	const struct typo *typo, const struct node *document, size_t told)
{
	struct diags *diags = run->diags;
	const struct diag *unknown = find_unknown(run, typo);
	AUTO(diags) corrected = DIAGS_INIT;
	AUTO(text) map = TEXT_INIT;
	AUTO(text) keyword = TEXT_INIT;
	AUTO(text) message = TEXT_INIT;
	AUTO_FREE bool *drop = NULL;
	char shown[NODE_SHOWN_SIZE];
	bool any = false;

	if (!unknown || !unknown->instance ||
		!try(run, schema, typo, document, &corrected))
		return false;
	text_append_bytes(&map, unknown->instance,
		(size_t)(strrchr(unknown->instance, '/') - unknown->instance));
	drop = own_alloc(diags->count - run->base);
	for (size_t i = run->base; i < diags->count - told; i++) {
		const struct diag *diag = &diags->list[i];

		drop[i - run->base] = concerns(diag, map.data) &&
				      !has(&corrected, diag);
		if (!drop[i - run->base])
			continue;
		any = true;
		text_clear(&keyword);
		text_append(&keyword, diag->keyword ? diag->keyword : "");
	}
	if (!any)
		return false;
	drop[unknown - diags->list - (ptrdiff_t)run->base] = true;
	diags_drop(diags, run->base, drop);
	text_format(&message,
		"unknown key '%s', did you mean '%.80s', which is required?",
		node_show(shown, typo->member->key, NODE_MOST_SHOWN),
		typo->meant);
	fail_append_citation(&message, typo->schema, NULL);
	diag_error(diags, &typo->member->key->at, RULE_SCHEMA_REQUIRED, "%s",
		message.data);
	diag_locate(diags, map.data, keyword.data);
	diag_about(diags, typo->meant);
	return true;
}

void typo_explain_all(struct run *run, const struct jsonschema *schema,
	const struct node *document)
{
	size_t told = 0;

	for (size_t i = 0; i < run->typo_count; i++)
		told += explain(run, schema, &run->typos[i], document, told);
}
