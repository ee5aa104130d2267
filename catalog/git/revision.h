/*
 * Where documents come from: a commit of a Git repository, its index, or
 * files as they are. Nothing is checked out, nothing is written, no hook, no
 * filter and no configuration of the repository is run.
 *
 * Paths are relative to the catalog's root (the repository's root or a folder
 * in it), with '/' between parts, no leading one, and "" for the root. They
 * are refused when a part is "..".
 *
 * What libgit2 cannot open has a message of its own in open_error.c; what a
 * partial clone lacks, in missing_object.c.
 */
#ifndef CATALOG_REVISION_H
#define CATALOG_REVISION_H

#include "catalog/git/revision_entry.h"
#include "schema/base/arena.h"
#include "schema/base/text.h"
#include "schema/diag/diag.h"

#include <stdbool.h>
#include <stddef.h>

struct revision;

/*
 * Open what lies at `path` (the catalog's root) at `rev`: anything that
 * `git rev-parse` takes, "WORKTREE" or "INDEX". A repository is looked for at
 * path and above it; path may also be a bare repository (the root is then its
 * top) or, for WORKTREE, a folder in no repository. For a bare repository a
 * path inside the tree can follow: "/srv/ops.git/opscatalog" when
 * "/srv/ops.git" is one. With GIT_DIR set, GIT_REPOSITORY_OPEN_FROM_ENV is
 * used, so that a pre-receive hook reads its quarantine.
 *
 * `strict` keeps hash verification on (validate); without it a lookup is
 * faster.
 */
bool revision_open(struct revision **revision, const char *path,
	const char *rev, bool strict, struct diags *diags);

/* Accepts NULL. */
void revision_close(struct revision *revision);

enum revision_kind revision_kind(const struct revision *revision);

/* Full hex id of the commit, "INDEX" or "WORKTREE". */
const char *revision_id(const struct revision *revision);

/* What the user asked for: "HEAD", "v1.2", ... */
const char *revision_name(const struct revision *revision);

/* The catalog's root inside its repository: "" or "opscatalog/". */
const char *revision_prefix(const struct revision *revision);

/* NULL where files are read as they are. */
struct git_repository *revision_repository(const struct revision *revision);

/* The root's own folder, of a working tree; malloc'd, or NULL. */
char *revision_folder(const struct revision *revision);

/* "git -C <folder> ", for a command to paste; of a commit or the index. */
void revision_git(const struct revision *revision, struct text *command);

/*
 * The entries of a folder, in the order of strcmp(), in the arena. A folder
 * that does not exist has none and is no error.
 */
bool revision_list(struct revision *revision, const char *folder,
	struct arena *arena, struct revision_entry **entries, size_t *count,
	struct diags *diags);

/*
 * One document's bytes as a source whose path is relative to the repository's
 * root and whose revision is revision_id(). *source is NULL, without an
 * error, when nothing is there. Symbolic links and submodules are
 * layout/file-type, more than YAML_MAX_BYTES is layout/size.
 */
bool revision_read(struct revision *revision, const char *path,
	struct arena *arena, const struct source **source, struct diags *diags);

/*
 * What lies at a path; the entry's name points into `path`. *found is false,
 * without an error, when nothing does.
 */
bool revision_lookup(struct revision *revision, const char *path,
	struct revision_entry *entry, bool *found, struct diags *diags);

/*
 * The same as revision_list() and revision_read(), for a path whose entry is
 * known from a listing or a lookup: nothing is walked from the root again.
 */
bool revision_list_entry(struct revision *revision, const char *folder,
	const struct revision_entry *entry, struct arena *arena,
	struct revision_entry **entries, size_t *count, struct diags *diags);
bool revision_read_entry(struct revision *revision, const char *path,
	const struct revision_entry *entry, struct arena *arena,
	const struct source **source, struct diags *diags);

#endif
