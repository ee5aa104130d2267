/*
 * What the commands that read a catalog share.
 */
#ifndef CMD_CATALOG_H
#define CMD_CATALOG_H

#include "catalog/resolve/resolve.h"
#include "catalog/store/worktree_status.h"
#include "cmd/ui/options.h"

/*
 * The catalog that --catalog, the config or the current directory names, at
 * the revision asked for, with a notice when HEAD is read and the working
 * tree differs. `path` (may be NULL) stands for --catalog.
 */
bool catalog_from_options(struct resolver *resolver,
	const struct options *options, const char *path, bool strict,
	struct diags *diags);

/*
 * The same without the look at the working tree, which can be slow: start it
 * beside the work with catalog_notice_start() and end it with the other.
 */
bool catalog_open_quietly(struct resolver *resolver,
	const struct options *options, const char *path, bool strict,
	struct diags *diags);

void catalog_notice_start(struct worktree_status *check,
	const struct resolver *resolver, const struct options *options,
	bool strict);
void catalog_notice_finish(struct worktree_status *check);

/*
 * Errors of the repository itself mean that we could not judge; everything
 * else is the judgement.
 */
bool catalog_could_not_run(const struct diags *diags);

/* The exit status of an answer that is yes or no, if we could judge. */
enum exit_status catalog_status(bool fine, const struct diags *diags);

/* Members common to the commands' JSON: "catalog" and "revision". */
json_t *catalog_json(const struct resolver *resolver);

#endif
