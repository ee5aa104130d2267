/*
 * The cross-document rules, one function each; rules.c has their table. The
 * catalog is listed and read. They look at what is sound of a document: a value
 * that its schema rejects makes one finding, and hides none.
 */
#ifndef CATALOG_CHECKS_H
#define CATALOG_CHECKS_H

#include "catalog/resolve/layers.h"
#include "catalog/store/catalog.h"

/* About one document. */
void check_id(struct catalog *catalog, const struct document *document,
	struct diags *diags);
void check_type(struct catalog *catalog, const struct document *document,
	struct diags *diags);
void check_target_reference(struct catalog *catalog,
	const struct document *document, struct diags *diags);
void check_actor_reference(struct catalog *catalog,
	const struct document *document, struct diags *diags);
void check_local_actor(struct catalog *catalog, const struct document *document,
	struct diags *diags);
void check_jump_reference(struct catalog *catalog,
	const struct document *document, struct diags *diags);
void check_expect_status(struct catalog *catalog,
	const struct document *document, struct diags *diags);
void check_health_port(struct catalog *catalog, const struct document *document,
	struct diags *diags);

/* About the whole. */
void check_domain_is_there(struct catalog *catalog, struct diags *diags);
void check_domain_is_filled(struct catalog *catalog, struct diags *diags);
void check_actors_are_local(struct catalog *catalog, struct diags *diags);
void check_target_is_used(struct catalog *catalog, struct diags *diags);
void check_actor_is_used(struct catalog *catalog, struct diags *diags);
void check_jump_cycle(struct catalog *catalog, struct diags *diags);
void check_port_clash(struct catalog *catalog, struct diags *diags);

/*
 * What check_port_clash() and check_jump_cycle() report, for whoever shows it
 * in another way. A bridge is second in one clash at most.
 */
struct clash {
	const struct document *first, *second; /* bridges */
	const struct node *first_port, *second_port;
	const char *host;
};

typedef void clash_found(const struct clash *clash, void *data);
void each_port_clash(struct catalog *catalog, clash_found *found, void *data);

/* Report it of the second bridge. `data` is the diags; the rule is not off. */
void report_clash(const struct clash *clash, void *data);

/*
 * Does the bridge name an actor that neither the catalog nor tunnels.yaml
 * defines? Nobody can say while a catalog has no actors/ and tunnels.yaml is
 * not known.
 */
bool actor_is_undefined(
	const struct catalog *catalog, const struct document *bridge);

/* Each target leads to the next, and the last one's `jump` to the first. */
typedef void cycle_found(const struct document *const *targets, size_t count,
	const struct node *jump, void *data);
void each_jump_cycle(struct catalog *catalog, cycle_found *found, void *data);

/* The layers of a bridge, as far as the catalog goes: no tunnels.yaml. */
void bridge_layers(struct catalog *catalog, const struct document *bridge,
	struct layers *layers);

/*
 * Find what a document's map (the root, or the `defaults` of catalog.yaml)
 * names, and count it there. For every document, before any check.
 */
void link_document(struct catalog *catalog, struct document *document,
	const struct node *map);

/* The document a reference names, or NULL. */
struct document *referenced(struct catalog *catalog, enum document_kind kind,
	const struct node *reference);

#endif
