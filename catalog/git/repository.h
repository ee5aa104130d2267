/*
 * From a path that a user wrote to a repository and a folder in it.
 */
#ifndef CATALOG_REPOSITORY_H
#define CATALOG_REPOSITORY_H

#include "schema/base/text.h"
#include "schema/diag/diag.h"

#include <git2.h>

/*
 * Open the repository that `real_path` lies in, and append to `prefix` the
 * folder in it: "" or "opscatalog/".
 */
bool repository_open(git_repository **repository, struct text *prefix,
	const char *real_path, bool strict, struct diags *diags);

/*
 * Does the file hold as many entries as its header says? A missing one is fine.
 *
 * Bug: libgit2 makes room for all of them before it looks. A damaged index of
 * 100 bytes can ask for gigabytes; 1.9 dies of it. Not fixed as of August 2026
 * (0551dfd4a, after 1.9.7): every version needs this.
 */
bool repository_index_fits(const char *path);

#endif
