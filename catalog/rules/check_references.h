/*
 * Rules about what documents name.
 */
#ifndef CATALOG_CHECK_REFERENCES_H
#define CATALOG_CHECK_REFERENCES_H

#include "catalog/store/types.h"

/* About one document. */
void check_target_reference(struct catalog *catalog,
	const struct document *document, struct diags *diags);
void check_actor_reference(struct catalog *catalog,
	const struct document *document, struct diags *diags);
void check_jump_reference(struct catalog *catalog,
	const struct document *document, struct diags *diags);

void check_local_actor(struct catalog *catalog, const struct document *document,
	struct diags *diags);

/* About the whole. */
void check_actors_are_local(struct catalog *catalog, struct diags *diags);
void check_jump_cycle(struct catalog *catalog, struct diags *diags);

/*
 * What check_jump_cycle() reports, for whoever shows it in another way. Each
 * target leads to the next, and the last one's `jump` to the first.
 */
typedef void jump_cycle_found(const struct document *const *targets,
	size_t count, const struct node *jump, void *data);
void jump_cycle_each(
	struct catalog *catalog, jump_cycle_found *found, void *data);

/*
 * Does the bridge name an actor that neither the catalog nor tunnels.yaml
 * defines? Nobody can say while a catalog has no actors/ and tunnels.yaml is
 * not known.
 */
bool actor_is_undefined(
	const struct catalog *catalog, const struct document *bridge);

#endif
