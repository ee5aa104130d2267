/*
 * What bridges are made of: tunnels.yaml, and the catalog at a revision.
 */
#ifndef CATALOG_RESOLVER_H
#define CATALOG_RESOLVER_H

#include "catalog/resolve/config.h"
#include "catalog/store/catalog.h"

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

#endif
