/*
 * From a path that a user wrote to a repository and a folder in it.
 */
#ifndef CATALOG_REPOSITORY_H
#define CATALOG_REPOSITORY_H

#include "schema/base/text.h"
#include "schema/diag/diag.h"

#include <git2.h>

/*
 * The absolute path without symbolic links. Parts at its end that do not
 * exist are kept as they are: a folder may be in the revision and not on
 * disk. malloc'd; NULL after an error.
 */
char *repository_real_path(const char *path, struct diags *diags);

/*
 * Open the repository that `real_path` lies in, and append to `prefix` the
 * folder in it: "" or "opscatalog/".
 */
bool repository_open(git_repository **repository, struct text *prefix,
	const char *real_path, bool strict, struct diags *diags);

/*
 * The top of the working tree around a folder, found by its .git alone:
 * malloc'd, or NULL when there is none. Works for repositories that libgit2
 * cannot open.
 */
char *repository_worktree_top(const char *real_path);

/*
 * What git asks safe.directory about: the top of the working tree, or the
 * bare repository; without one, the folder itself. malloc'd.
 */
char *repository_owned_folder(const char *folder);

/* Is this a repository without a working tree, by the names in it? */
bool repository_looks_bare(const char *folder);

/*
 * Does the file hold as many entries as its header says? A missing one is fine.
 *
 * Bug: libgit2 makes room for all of them before it looks. A damaged index of
 * 100 bytes can ask for gigabytes; 1.9 dies of it. Not fixed as of August 2026
 * (0551dfd4a, after 1.9.7): every version needs this.
 */
bool repository_index_fits(const char *path);

/* What libgit2 said last; never NULL. */
const char *repository_error(void);

#endif
