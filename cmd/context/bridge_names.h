/*
 * What several commands do alike with names and the configuration.
 */
#ifndef CMD_BRIDGE_NAMES_H
#define CMD_BRIDGE_NAMES_H

#include "catalog/resolve/resolve.h"
#include "cmd/ui/options.h"
#include "schema/bridge/bridge.h"

/* Where the command line and the environment say the definitions are. */
struct resolver_options bridge_names_sources(const struct options *options);

/*
 * resolver_open() for commands that bring bridges up: a config or a catalog
 * is needed.
 */
bool bridge_names_open(struct resolver *resolver, const struct options *options,
	struct diags *diags);

/*
 * Add "nothing is called 'x'", with the nearest of the names there are.
 * Always false.
 */
bool bridge_names_unknown(struct diags *diags, const char *what,
	const char *name, const char *const *known, size_t count);

/*
 * Is there a domain of that name, or none asked for (NULL)? The catalog has
 * been listed.
 */
bool bridge_names_check_domain(
	const struct catalog *catalog, const char *domain, struct diags *diags);

/*
 * The bridges that the arguments name, resolved, each once. *unknown says
 * that a name was none at all: nothing should be started then. Broken ones
 * are reported and left out.
 */
bool bridge_names_resolve(struct resolver *resolver,
	const struct options *options, struct bridges *bridges, bool *unknown,
	struct diags *diags);

/* Say that nobody may bring it up, and who says so. Always false. */
bool bridge_names_disabled(const struct bridge *bridge, struct diags *diags);

/* Has the argument been given before? */
bool bridge_names_is_repeated(const struct options *options, size_t at);

void bridge_names_free(char **names, size_t count);

#endif
