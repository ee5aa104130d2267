/*
 * What the three kinds of revision share, and what each does its own way.
 * Internal to catalog/git/.
 */
#ifndef CATALOG_REVISION_INTERNAL_H
#define CATALOG_REVISION_INTERNAL_H

#include "catalog/git/revision_entry.h"
#include "schema/base/arena.h"
#include "schema/diag/diag.h"

#include <git2.h>
#include <stdbool.h>

struct revision_trees;

/*
 * Paths have been checked and are relative to the catalog's root. `entry` is
 * what a listing or lookup said of that same path, or NULL.
 */
struct revision_source {
	bool (*lookup)(struct revision *revision, const char *path,
		struct revision_entry *entry, bool *found, struct diags *diags);
	bool (*list)(struct revision *revision, const char *folder,
		const struct revision_entry *entry, struct arena *arena,
		struct revision_entry **entries, size_t *count,
		struct diags *diags);
	bool (*read)(struct revision *revision, const char *path,
		const struct revision_entry *entry, struct arena *arena,
		const struct source **source, struct diags *diags);
	void (*close)(struct revision *revision);
};

struct revision {
	enum revision_kind kind;
	const struct revision_source *source;
	char id[GIT_OID_HEXSZ + 1];
	char *name;
	char *prefix; /* "" or ends in a slash */
	git_repository *repository;
	char *repair; /* of missing objects, once known: missing_object.h */

	/* REVISION_COMMIT */
	git_odb *odb;
	git_oid root; /* the tree at the prefix */
	struct revision_trees *trees;

	/* REVISION_INDEX */
	git_index *index;

	/* REVISION_WORKTREE */
	int root_fd;
	int folder_fd; /* of the folder below, or -1 */
	char *folder;
};

#endif
