#include "catalog/history/parents.h"

#include "catalog/git/missing_object.h"
#include "catalog/git/revision.h"
#include "catalog/git/revision_internal.h"

#include <string.h>

/* Whatever libgit2 makes of it. */
static bool names_parent(const git_commit *commit)
{
	return strstr(git_commit_raw_header(commit), "\nparent ") != NULL;
}

unsigned parents_count(
	const git_commit *commit, const struct revision *revision, bool *cut)
{
	unsigned count = git_commit_parentcount(commit);

	if (!count && names_parent(commit) &&
		git_repository_is_shallow(revision->repository) == 1)
		*cut = true;
	return count;
}

bool parents_open(git_commit **parent, git_commit *commit, unsigned number,
	struct revision *revision, const char *path, bool *cut,
	struct diags *diags)
{
	int code = git_commit_parent(parent, commit, number);

	if (!code)
		return true;
	*parent = NULL;
	if (code == GIT_ENOTFOUND &&
		git_repository_is_shallow(revision_repository(revision)) == 1) {
		*cut = true;
		return true;
	}
	return missing_object_report(revision, path,
		git_commit_parent_id(commit, number)->id, code, diags);
}

/* libgit2 says the same number of a path that is not in a tree. */
static bool is_lost(int code)
{
	const git_error *error = git_error_last();

	return code && !(code == GIT_ENOTFOUND && error &&
			       error->klass == GIT_ERROR_TREE);
}

bool parents_entry(git_tree_entry **entry, git_commit *commit,
	struct revision *revision, const char *path, struct diags *diags)
{
	git_tree *tree = NULL;
	int code = git_commit_tree(&tree, commit);

	*entry = NULL;
	if (!code)
		code = git_tree_entry_bypath(entry, tree, path);
	git_tree_free(tree);
	return !is_lost(code) ||
	       missing_object_report(revision, path, NULL, code, diags);
}
