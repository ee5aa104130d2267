/*
 * proxy_jump, from what a document says to what ssh is given.
 */
#ifndef CATALOG_JUMPS_H
#define CATALOG_JUMPS_H

#include "catalog/catalog.h"

#include <jansson.h>

/*
 * A list of "[user@]host[:port]", a new reference; NULL after an error.
 * Entries that are ids of targets are replaced by what those targets say; the
 * first target's own jump hosts come before it, as there is no other way to
 * reach it. `catalog` may be NULL.
 */
json_t *jumps_resolve(
	struct catalog *catalog, const struct node *value, struct diags *diags);

#endif
