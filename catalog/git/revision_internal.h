/*
 * What the three kinds of revision share, and what each does its own way.
 * Internal to revision*.c and catalog/store/find_domain.c.
 */
#ifndef CATALOG_REVISION_SOURCE_H
#define CATALOG_REVISION_SOURCE_H

#include "catalog/git/revision.h"
#include "schema/base/text.h"

#include <git2.h>

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
	char *way_out; /* of missing objects, once known: missing_object.h */

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

extern const struct revision_source revision_commit_source;
extern const struct revision_source revision_index_source;
extern const struct revision_source revision_worktree_source;

/* The rest of opening, once name, prefix and repository are known. */
bool revision_commit_open(
	struct revision *revision, const char *path, struct diags *diags);
bool revision_index_open(
	struct revision *revision, const char *path, struct diags *diags);
bool revision_worktree_open(
	struct revision *revision, const char *path, struct diags *diags);

/* The tree of what the name means, and the id that is shown. Commits only. */
bool revision_resolve(
	struct revision *revision, const char *path, struct diags *diags);

/*
 * The tree of a folder's entry; free it with git_odb_object_free(). Each of
 * its entries is "<octal mode> <name>\0<20 bytes of id>". Commits only.
 */
bool revision_open_tree(struct revision *revision, const char *path,
	const struct revision_entry *entry, git_odb_object **tree,
	struct diags *diags);

/* The read() of commits and of the index, for a known entry. */
bool revision_read_blob(struct revision *revision, const char *path,
	const struct revision_entry *entry, struct arena *arena,
	const struct source **source, struct diags *diags);

/*
 * One step through a tree's bytes; false at the end, and at anything that is
 * no entry.
 */
bool revision_tree_next(
	const char **at, const char *end, struct revision_entry *entry);

/* "the whole document at path", for a finding; `shown` holds its path. */
struct origin revision_place(const struct revision *revision, const char *path,
	struct source *source, struct text *shown);

/* The three findings that every kind makes. All return false. */
bool revision_not_a_file(const struct revision *revision, const char *path,
	const char *what, struct diags *diags);
bool revision_too_large(
	const struct revision *revision, const char *path, struct diags *diags);
bool revision_git_error(const struct revision *revision, const char *path,
	const char *what, struct diags *diags);

/* A source in the arena with `length` + 1 bytes of room for its content. */
struct source *revision_new_source(const struct revision *revision,
	const char *path, struct arena *arena, size_t length, char **bytes);

#endif
