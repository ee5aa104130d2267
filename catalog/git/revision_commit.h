/*
 * A commit's trees, read raw: a tree of ten thousand entries is searched
 * several times faster than libgit2 parses it.
 */
#ifndef CATALOG_REVISION_COMMIT_H
#define CATALOG_REVISION_COMMIT_H

#include "catalog/git/revision_entry.h"
#include "schema/base/arena.h"
#include "schema/diag/diag.h"

#include <git2.h>
#include <stdbool.h>

struct revision;

/* The rest of opening, once name, prefix and repository are known. */
bool revision_commit_open(
	struct revision *revision, const char *path, struct diags *diags);

/*
 * The tree of a folder's entry; free it with git_odb_object_free(). Each of
 * its entries is "<octal mode> <name>\0<20 bytes of id>". Commits only.
 */
bool revision_commit_tree(struct revision *revision, const char *path,
	const struct revision_entry *entry, git_odb_object **tree,
	struct diags *diags);

/* The read() of commits and of the index, for a known entry. */
bool revision_commit_blob(struct revision *revision, const char *path,
	const struct revision_entry *entry, struct arena *arena,
	const struct source **source, struct diags *diags);

#endif
