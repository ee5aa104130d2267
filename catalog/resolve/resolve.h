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

#include "catalog/resolve/config.h"
#include "catalog/store/catalog.h"
#include "schema/bridge/bridge.h"

/* What the command line and the environment say; NULL where they don't. */
struct resolver_options {
	const char *config;   /* --config; else BRIDGE_CONFIG is used */
	const char *catalog;  /* --catalog: the catalog's root, or a folder
				 with opscatalog/domains/ in it, as
				 catalog_path is */
	const char *revision; /* --rev; else BRIDGE_CATALOG_REV is used */
	bool need_catalog;    /* none to be found is an error */
	bool need_config;     /* neither config nor catalog is an error */
	bool discover;        /* without a config, look from the current
				 directory: domains/ or opscatalog/domains/
				 at or above it, inside its repository */
	bool strict;          /* see revision_open() */
};

struct resolver {
	struct config config;
	struct catalog *catalog; /* NULL when there is none */
	char *catalog_path;
	bool catalog_failed; /* one is configured but could not be opened;
				inline bridges still resolve */
};

#define RESOLVER_INIT                                                          \
	{                                                                      \
		.config = CONFIG_INIT                                          \
	}

void resolver_release(struct resolver *resolver);

/*
 * Load the config and open the catalog at the revision: --rev >
 * BRIDGE_CATALOG_REV > catalog_revision > HEAD. A catalog that cannot be
 * opened is an error in diags and sets catalog_failed; the result is false
 * only when nothing usable is left or need_catalog is set.
 */
bool resolver_open(struct resolver *resolver,
	const struct resolver_options *options, struct diags *diags);

/*
 * One bridge by name. *found is false, with no error added, when nothing has
 * that name. False when it exists and cannot be resolved. Reads only the
 * documents it needs.
 */
bool resolve_bridge(struct resolver *resolver, const char *name,
	struct bridge *bridge, bool *found, struct diags *diags);

/* The same, but what catalog_select leaves out is not found. */
bool resolve_selected(struct resolver *resolver, const char *name,
	struct bridge *bridge, bool *found, struct diags *diags);

/*
 * Every bridge: inline ones, and the catalog's that catalog_select selects;
 * `domain` (may be NULL) keeps those of one domain. Disabled ones are
 * included: look at bridge->enabled. Broken ones are reported and left out;
 * false when there were any.
 */
bool resolve_all(struct resolver *resolver, const char *domain,
	struct bridges *bridges, struct diags *diags);

/*
 * All names there are, for did-you-mean: sorted, malloc'd; free each and the
 * list. Reads no document but catalog.yaml.
 */
char **resolve_names(struct resolver *resolver, size_t *count);

#endif
