/*
 * Paths of repositories, looked at without opening one.
 */
#ifndef CATALOG_REPOSITORY_PATH_H
#define CATALOG_REPOSITORY_PATH_H

#include "schema/diag/diag.h"

#include <stdbool.h>

/*
 * The absolute path without symbolic links. Parts at its end that do not
 * exist are kept as they are: a folder may be in the revision and not on
 * disk. malloc'd; NULL after an error.
 */
char *repository_path_real(const char *path, struct diags *diags);

/* The deepest folder of a path that exists. malloc'd. */
char *repository_path_existing(const char *real_path);

/*
 * The top of the working tree around a folder, found by its .git alone:
 * malloc'd, or NULL when there is none. Works for repositories that libgit2
 * cannot open.
 */
char *repository_path_worktree_top(const char *real_path);

/*
 * What git asks safe.directory about: the top of the working tree, or the
 * bare repository; without one, the folder itself. malloc'd.
 */
char *repository_path_owned_folder(const char *folder);

/* Is this a repository without a working tree, by the names in it? */
bool repository_path_looks_bare(const char *folder);

#endif
