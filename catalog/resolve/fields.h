/*
 * From layers of documents to the fields of a bridge.
 */
#ifndef CATALOG_FIELDS_H
#define CATALOG_FIELDS_H

#include "catalog/resolve/layers.h"
#include "catalog/store/types.h"

/*
 * Set every field, and who set it. `catalog` (may be NULL) knows the targets
 * that proxy_jump names. `definition` is where the bridge is defined, for
 * findings about what is missing there.
 */
bool fields_fill(struct bridge *bridge, const struct layers *layers,
	struct catalog *catalog, const struct origin *definition,
	struct diags *diags);

#endif
