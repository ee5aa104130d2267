/*
 * What the commands that read a catalog share.
 */
#ifndef CMD_OPEN_CATALOG_H
#define CMD_OPEN_CATALOG_H

#include "catalog/resolve/resolve.h"
#include "catalog/store/worktree_status.h"
#include "cmd/ui/options.h"

/*
 * The catalog that --catalog, the config or the current directory names, at
 * the revision asked for, with a notice when HEAD is read and the working
 * tree differs. `path` (may be NULL) stands for --catalog.
 */
bool open_catalog_with_notice(struct resolver *resolver,
	const struct options *options, const char *path, bool strict,
	struct diags *diags);

/*
 * The same without the look at the working tree, which can be slow: start it
 * beside the work with open_catalog_start_notice() and end it with the other.
 */
bool open_catalog_quietly(struct resolver *resolver,
	const struct options *options, const char *path, bool strict,
	struct diags *diags);

void open_catalog_start_notice(struct worktree_status *check,
	const struct resolver *resolver, const struct options *options,
	bool strict);
void open_catalog_finish_notice(struct worktree_status *check);

/*
 * Errors of the repository itself mean that we could not judge; everything
 * else is the judgement.
 */
bool open_catalog_could_not_run(const struct diags *diags);

/* The exit status of an answer that is yes or no, if we could judge. */
enum exit_status open_catalog_status(bool fine, const struct diags *diags);

/* Members common to the commands' JSON: "catalog" and "revision". */
json_t *open_catalog_json(const struct resolver *resolver);

#endif
