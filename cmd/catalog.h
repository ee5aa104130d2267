/*
 * What the commands that read a catalog share.
 */
#ifndef CMD_CATALOG_H
#define CMD_CATALOG_H

#include "catalog/resolve.h"
#include "cmd/options.h"

/*
 * The catalog that --catalog, the config or the current directory names, at
 * the revision asked for, with a notice when HEAD is read and the working
 * tree differs. `path` (may be NULL) stands for --catalog.
 */
bool catalog_from_options(struct resolver *resolver,
	const struct options *options, const char *path, bool strict,
	struct diags *diags);

/* Members common to the commands' JSON: "catalog" and "revision". */
json_t *catalog_json(const struct resolver *resolver);

#endif
