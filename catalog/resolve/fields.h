/*
 * From layers of documents to the fields of a bridge.
 */
#ifndef CATALOG_FIELDS_H
#define CATALOG_FIELDS_H

#include "catalog/resolve/layers.h"
#include "catalog/store/catalog.h"

/*
 * Set every field, and who set it. `catalog` (may be NULL) knows the targets
 * that proxy_jump names. `definition` is where the bridge is defined, for
 * findings about what is missing there.
 */
bool fields_fill(struct bridge *bridge, const struct layers *layers,
	struct catalog *catalog, const struct origin *definition,
	struct diags *diags);

/*
 * The absolute path of an ssh_key, a new reference; NULL after an error. A
 * relative one would mean another file in each working directory.
 */
json_t *fields_ssh_key(const struct node *value, struct diags *diags);

/* "path:line"; malloc'd. */
char *fields_place(const struct origin *at);

/* 204, "200-399" or a list of both, as "200-399,418"; malloc'd. */
char *fields_expect_status(const struct node *value);

#endif
