/*
 * Catalog + tunnels.yaml -> bridges. For each field of fields.def the
 * first layer that writes it wins, and the bridge remembers which:
 *
 *	an inline tunnel          its own keys > defaults of tunnels.yaml
 *	                          > defaults of catalog.yaml > built-in
 *	a catalog bridge          the bridge's document > its target (host,
 *	                          ssh_port, ssh_user, ssh_key, host_keys,
 *	                          proxy_jump) > defaults of tunnels.yaml
 *	                          > defaults of catalog.yaml > built-in
 *	an inline tunnel with     its own keys > the layers of the catalog
 *	`extends`                 bridge it names
 *
 * Maps (health_check, reconnect) merge key by key, lists replace. An inline
 * tunnel without `extends` that has a catalog bridge's name replaces it whole
 * and remembers what it shadows. An explicit null ends the search: the field
 * is then absent or built-in.
 */
#ifndef CATALOG_RESOLVE_H
#define CATALOG_RESOLVE_H

#include "catalog/resolve/resolver.h"
#include "schema/bridge/bridge.h"

/*
 * One bridge by name. *found is false, with no error added, when nothing has
 * that name. False when it exists and cannot be resolved. Reads only the
 * documents it needs.
 */
bool resolve_bridge(struct resolver *resolver, const char *name,
	struct bridge *bridge, bool *found, struct diags *diags);

/*
 * All names there are, for did-you-mean: sorted, malloc'd; free each and the
 * list. Reads no document but catalog.yaml.
 */
char **resolve_names(struct resolver *resolver, size_t *count);

#endif
