/*
 * From one definition, inline or in the catalog, to a bridge.
 */
#ifndef CATALOG_DEFINE_BRIDGE_H
#define CATALOG_DEFINE_BRIDGE_H

#include "catalog/resolve/resolver.h"
#include "schema/bridge/bridge.h"

/*
 * Both fill *bridge, which is BRIDGE_INIT, and are false after an error; it
 * is then not to be used, but to be released.
 */
bool define_bridge_inline(struct resolver *resolver,
	const struct member *tunnel, struct bridge *bridge,
	struct diags *diags);
bool define_bridge_of_catalog(struct resolver *resolver,
	struct document *document, struct bridge *bridge, struct diags *diags);

#endif
