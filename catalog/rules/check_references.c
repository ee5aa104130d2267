#include "catalog/rules/check_references.h"

#include "catalog/store/reference.h"

#include <stdlib.h>
#include <string.h>

static void check_reference(struct catalog *catalog,
	const struct document *document, enum document_kind kind,
	enum rule rule, struct diags *diags)
{
	const char *key = document_kind_name(kind);
	const struct node *reference = node_get(document->valid_part, key);
	const char *id = node_string(reference);
	AUTO(text) near = TEXT_INIT;

	if (document->kind != DOCUMENT_BRIDGE || !id)
		return;
	reference_suggest(&near, catalog, kind, id);
	diag_report(diags, &reference->at, rule, "%s '%s' is not defined%s",
		key, id, near.data);
}

void check_target_reference(struct catalog *catalog,
	const struct document *document, struct diags *diags)
{
	if (!document->target)
		check_reference(catalog, document, DOCUMENT_TARGET,
			RULE_REFERENCE_TARGET, diags);
}

/* What a bridge names as its actor, where the catalog does not define it. */
static const struct node *local_actor(const struct document *document)
{
	const struct node *actor = node_get(document->valid_part, "actor");

	if (document->kind != DOCUMENT_BRIDGE || document->actor ||
		!node_string(actor))
		return NULL;
	return actor;
}

static bool all_actors_are_local(const struct catalog *catalog)
{
	return !catalog->has_config && !catalog->of[DOCUMENT_ACTOR].count;
}

bool actor_is_undefined(
	const struct catalog *catalog, const struct document *bridge)
{
	const struct node *actor = local_actor(bridge);

	return actor && !all_actors_are_local(catalog) &&
	       !node_get(catalog->config_actors, node_string(actor));
}

void check_actor_reference(struct catalog *catalog,
	const struct document *document, struct diags *diags)
{
	if (actor_is_undefined(catalog, document))
		check_reference(catalog, document, DOCUMENT_ACTOR,
			RULE_REFERENCE_ACTOR, diags);
}

void check_local_actor(struct catalog *catalog, const struct document *document,
	struct diags *diags)
{
	const struct node *actor = local_actor(document);

	if (actor && node_get(catalog->config_actors, node_string(actor)))
		diag_report(diags, &actor->at, RULE_REFERENCE_LOCAL_ACTOR,
			"actor '%s' is defined in tunnels.yaml only",
			node_string(actor));
}

/* One note of them all: such a catalog is one on purpose. */
void check_actors_are_local(struct catalog *catalog, struct diags *diags)
{
	const struct documents *bridges = &catalog->of[DOCUMENT_BRIDGE];
	const struct node *first = NULL;
	size_t count = 0;

	if (!all_actors_are_local(catalog))
		return;
	for (size_t i = 0; i < bridges->count; i++) {
		const struct node *actor = local_actor(bridges->list[i]);

		first = first ? first : actor;
		count += actor != NULL;
	}
	if (!first)
		return;
	diag_report(diags, &first->at, RULE_REFERENCE_LOCAL_ACTOR,
		"the catalog has no actors/ folder: tunnels.yaml must define "
		"the actor%s of %zu bridge%s",
		count == 1 ? "" : "s", count, count == 1 ? "" : "s");
}

void check_jump_reference(struct catalog *catalog,
	const struct document *document, struct diags *diags)
{
	const struct node *jumps = node_get(document->valid_part, "proxy_jump");
	const struct node *jump;

	if (document->kind != DOCUMENT_BRIDGE &&
		document->kind != DOCUMENT_TARGET)
		return;
	for (size_t i = 0; (jump = reference_jump(jumps, i)); i++) {
		const char *text = node_string(jump);
		AUTO(text) near = TEXT_INIT;

		if (!text || reference_jump_is_host(text) ||
			reference_find(catalog, DOCUMENT_TARGET, jump))
			continue;
		reference_suggest(&near, catalog, DOCUMENT_TARGET, text);
		diag_report(diags, &jump->at, RULE_REFERENCE_PROXY_JUMP,
			"proxy_jump '%s' is no target%s", text, near.data);
	}
}

/*
 * Depth first over targets, with a stack of our own: a catalog can chain as
 * many targets as it has files.
 */
enum mark { MARK_NEW, MARK_OPEN, MARK_DONE };

struct search {
	struct catalog *catalog;
	jump_cycle_found *found;
	void *data;
	struct step {
		struct document *target;
		size_t next; /* the jump to follow */
	} * stack;
	size_t depth, capacity;
};

static void enter_target(struct search *search, struct document *target)
{
	search->stack = own_grow(search->stack, search->depth,
		&search->capacity, sizeof(*search->stack));
	target->mark = MARK_OPEN;
	search->stack[search->depth++] = (struct step){.target = target};
}

/* The jump leads to a target that is on the stack. */
static void found_cycle(const struct search *search,
	const struct document *target, const struct node *jump)
{
	size_t from = search->depth - 1;
	AUTO_FREE const struct document **targets = NULL;
	size_t count;

	while (search->stack[from].target != target)
		from--;
	count = search->depth - from;
	targets = own_alloc(count * sizeof(*targets));
	for (size_t i = 0; i < count; i++)
		targets[i] = search->stack[from + i].target;
	search->found(targets, count, jump, search->data);
}

static void follow_jump(struct search *search)
{
	struct step *step = &search->stack[search->depth - 1];
	const struct node *jumps = node_get(
		step->target->valid_part, "proxy_jump");
	const struct node *jump = reference_jump(jumps, step->next++);
	const char *text = node_string(jump);
	struct document *next = NULL;

	if (!jump) {
		step->target->mark = MARK_DONE;
		search->depth--;
		return;
	}
	if (text && !strpbrk(text, "@:"))
		next = reference_find(search->catalog, DOCUMENT_TARGET, jump);
	if (next && next->mark == MARK_OPEN)
		found_cycle(search, next, jump);
	else if (next && next->mark == MARK_NEW)
		enter_target(search, next);
}

void jump_cycle_each(
	struct catalog *catalog, jump_cycle_found *found, void *data)
{
	const struct documents *targets = &catalog->of[DOCUMENT_TARGET];
	struct search search = {
		.catalog = catalog, .found = found, .data = data};

	for (size_t i = 0; i < targets->count; i++)
		targets->list[i]->mark = MARK_NEW;
	for (size_t i = 0; i < targets->count; i++) {
		if (targets->list[i]->mark != MARK_NEW)
			continue;
		enter_target(&search, targets->list[i]);
		while (search.depth)
			follow_jump(&search);
	}
	free(search.stack);
}

static void report_cycle(const struct document *const *targets, size_t count,
	const struct node *jump, void *data)
{
	AUTO(text) way = TEXT_INIT;

	for (size_t i = 0; i < count; i++)
		text_format(&way, "%s -> ", targets[i]->id);
	diag_report(data, &jump->at, RULE_PROXY_JUMP_CYCLE,
		"the jump hosts form a circle: %s%s", way.data, targets[0]->id);
	diag_about(data, way.data);
}

void check_jump_cycle(struct catalog *catalog, struct diags *diags)
{
	jump_cycle_each(catalog, report_cycle, diags);
}
