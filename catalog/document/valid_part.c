#include "catalog/document/valid_part.h"

struct faults {
	struct arena *arena;
	const struct diag *list;
	size_t count;
};

static bool is_faulty(const struct faults *faults, const struct node *node)
{
	for (size_t i = 0; i < faults->count; i++) {
		const struct diag *diag = &faults->list[i];

		if (diag->severity == SEVERITY_ERROR &&
			diag->line == node->at.line &&
			diag->column == node->at.column)
			return true;
	}
	return false;
}

static struct node *copy_valid(
	const struct faults *faults, const struct node *from);

static struct node *copy_list(
	const struct faults *faults, const struct node *from)
{
	struct node *to = node_new(faults->arena, NODE_LIST, &from->at);

	to->weight = from->weight;
	to->list.count = from->list.count;
	to->list.items = arena_alloc(
		faults->arena, from->list.count * sizeof(*to->list.items));
	for (size_t i = 0; i < from->list.count; i++)
		to->list.items[i] = copy_valid(faults, from->list.items[i]);
	return to;
}

static struct node *copy_map(
	const struct faults *faults, const struct node *from)
{
	struct node *to = node_new(faults->arena, NODE_MAP, &from->at);

	to->weight = from->weight;
	to->map.count = from->map.count;
	to->map.members = arena_alloc(
		faults->arena, from->map.count * sizeof(*to->map.members));
	for (size_t i = 0; i < from->map.count; i++)
		to->map.members[i] = (struct member){
			.key = from->map.members[i].key,
			.value = copy_valid(
				faults, from->map.members[i].value)};
	node_index(faults->arena, to);
	return to;
}

/* A key that is missing is told where its map begins: that is no fault of it.
 */
static struct node *copy_valid(
	const struct faults *faults, const struct node *from)
{
	if (from->kind == NODE_MAP)
		return copy_map(faults, from);
	if (is_faulty(faults, from))
		return node_new(faults->arena, NODE_NULL, &from->at);
	if (from->kind == NODE_LIST)
		return copy_list(faults, from);
	return (struct node *)from;
}

const struct node *valid_part(struct arena *arena, const struct node *root,
	const struct diags *diags, size_t first)
{
	const struct faults faults = {.arena = arena,
		.list = diags->list + first,
		.count = diags->count - first};

	return copy_valid(&faults, root);
}
