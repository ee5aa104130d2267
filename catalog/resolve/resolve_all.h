/*
 * Every bridge that there is on this machine.
 */
#ifndef CATALOG_RESOLVE_ALL_H
#define CATALOG_RESOLVE_ALL_H

#include "catalog/resolve/resolver.h"
#include "schema/bridge/bridge.h"

/*
 * Every bridge: inline ones, and the catalog's that catalog_select selects;
 * `domain` (may be NULL) keeps those of one domain. Disabled ones are
 * included: look at bridge->enabled. Broken ones are reported and left out;
 * false when there were any.
 */
bool resolve_all(struct resolver *resolver, const char *domain,
	struct bridges *bridges, struct diags *diags);

/* The same, but what catalog_select leaves out is not found. */
bool resolve_selected(struct resolver *resolver, const char *name,
	struct bridge *bridge, bool *found, struct diags *diags);

#endif
