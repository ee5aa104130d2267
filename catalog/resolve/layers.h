/*
 * Who sets a bridge's field: the first layer that writes it.
 */
#ifndef CATALOG_LAYERS_H
#define CATALOG_LAYERS_H

#include "catalog/store/types.h"
#include "schema/bridge/bridge.h"
#include "schema/yaml/node.h"

enum { MAX_LAYERS = 6 };

struct layers {
	struct layer {
		const struct node *map;
		bool is_target; /* sets host, ssh_*, host_keys, proxy_jump */
		bool is_local;  /* of tunnels.yaml: may name commands to run */
	} list[MAX_LAYERS];
	size_t count;
};

/* The next layer down. NULL is passed over. */
void layers_push(struct layers *layers, const struct node *map);
void layers_push_local(struct layers *layers, const struct node *map);
void layers_push_target(struct layers *layers, const struct node *map);

/*
 * Where the field is set, or NULL. When the value is null the search has
 * ended at an explicit null: the field is absent or built-in. Maps merge key
 * by key.
 */
const struct member *layers_find(
	const struct layers *layers, enum bridge_field field);

/* The same, as a value; NULL also for an explicit null. */
const struct node *layers_value(
	const struct layers *layers, enum bridge_field field);

/* A text, or the field's built-in default, which may be NULL. */
const char *layers_text(const struct layers *layers, enum bridge_field field,
	const char *other);

/* A port, or 0. */
unsigned layers_port(const struct layers *layers, enum bridge_field field);

/*
 * The layers of a catalog's bridge, as far as the catalog goes: no
 * tunnels.yaml, and nothing that a schema rejects.
 */
void layers_of_document(struct layers *layers, const struct catalog *catalog,
	const struct document *bridge);

#endif
