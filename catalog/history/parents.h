/*
 * Reading the commits before a revision, where objects can be missing: a
 * shallow clone ends there, and any other repository has lost them. False is
 * an error, and catalog/git/missing_object.h says it; what cannot be read is
 * never "not there".
 */
#ifndef CATALOG_PARENTS_H
#define CATALOG_PARENTS_H

#include <git2.h>
#include <stdbool.h>

struct diags;
struct revision;

/*
 * How many parents of a commit can be asked for. From 1.7 on libgit2 gives
 * none to a commit where a shallow clone ends: *cut is set there. Before, it
 * gives those that the commit names, and parents_open() sets *cut.
 */
unsigned parents_count(
	const git_commit *commit, const struct revision *revision, bool *cut);

/*
 * A commit's parent, asked for because of `path`. Where a shallow clone ends
 * it is NULL, and *cut is set.
 */
bool parents_open(git_commit **parent, git_commit *commit, unsigned number,
	struct revision *revision, const char *path, bool *cut,
	struct diags *diags);

/*
 * What a commit has at a path, which counts from the repository's root; NULL
 * when there is nothing.
 */
bool parents_entry(git_tree_entry **entry, git_commit *commit,
	struct revision *revision, const char *path, struct diags *diags);

#endif
