/*
 * Files as they are. Every step goes through openat(O_NOFOLLOW), so no
 * symbolic link inside the catalog leads anywhere, also when one is put there
 * while it is read.
 */
#ifndef CATALOG_REVISION_WORKTREE_H
#define CATALOG_REVISION_WORKTREE_H

#include "schema/diag/diag.h"

#include <stdbool.h>

struct revision;

bool revision_worktree_open(
	struct revision *revision, const char *path, struct diags *diags);

#endif
