/*
 * tunnels.yaml: where the catalog is, what of it belongs to this host, and
 * inline definitions that are merged over it.
 */
#ifndef CATALOG_CONFIG_H
#define CATALOG_CONFIG_H

#include "schema/base/arena.h"
#include "schema/yaml/node.h"

struct config {
	struct arena arena;
	const char *path; /* as opened; NULL when there is no file */
	const struct source *source;
	const struct node *root;      /* NULL when there is no file */
	const char *catalog_path;     /* absolute, ~ expanded, or NULL */
	const char *catalog_revision; /* or NULL */
	bool valid;                   /* the schema found no error */
	bool *broken; /* per member of `tunnels`, when not valid; else NULL */
};

#define CONFIG_INIT                                                            \
	{                                                                      \
		.arena = ARENA_INIT                                            \
	}

void config_release(struct config *config);

/*
 * The file --config or BRIDGE_CONFIG names, else the first that exists of
 * $XDG_CONFIG_HOME/bridge/tunnels.yaml and ~/.config/bridge/tunnels.yaml.
 * `explicit_path` may be NULL. A file that was named must exist. When none
 * was named and none exists, the config is empty and that is no error:
 * config->root is NULL. Schema errors are reported with their place; inline
 * tunnels without errors stay usable (false only when the file cannot be
 * read or parsed at all).
 */
bool config_load(
	struct config *config, const char *explicit_path, struct diags *diags);

/* The map of inline tunnels, or NULL. */
const struct node *config_tunnels(const struct config *config);

/*
 * The inline tunnel with this name, or NULL; *usable says whether the schema
 * found no error in it.
 */
const struct member *config_tunnel(
	const struct config *config, const char *name, bool *usable);

/* The path that would be used when nothing is named; malloc'd. */
char *config_default_path(void);

/* "~" and "~/..." expanded with HOME; anything else is copied. malloc'd. */
char *config_expand_home(const char *path);

#endif
