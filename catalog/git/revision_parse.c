/*
 * From what the user calls a revision to a commit and its tree, and what to do
 * when there is none.
 */
#include "catalog/git/missing_object.h"
#include "catalog/git/repair_command.h"
#include "catalog/git/repository.h"
#include "catalog/git/revision_internal.h"

#include "schema/base/suggest.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_NAMES = 10000 }; /* of branches and tags, to suggest one */

static const char *short_name(const char *reference)
{
	static const char *const spaces[] = {
		"refs/heads/", "refs/tags/", "refs/remotes/"};

	for (size_t i = 0; i < COUNT(spaces); i++)
		if (!strncmp(reference, spaces[i], strlen(spaces[i])))
			return reference + strlen(spaces[i]);
	return NULL;
}

char **revision_names(const struct revision *revision, size_t *count)
{
	git_reference_iterator *iterator = NULL;
	char **names = NULL;
	const char *reference;

	*count = 0;
	if (!revision->repository)
		return NULL;
	if (!git_reference_iterator_new(&iterator, revision->repository))
		while (*count < MAX_NAMES &&
			!git_reference_next_name(&reference, iterator)) {
			const char *name = short_name(reference);

			if (!name)
				continue;
			names = own_realloc(names, *count + 1, sizeof(*names));
			names[(*count)++] = own_strdup(name);
		}
	git_reference_iterator_free(iterator);
	return names;
}

static void release_names(char **names, size_t count)
{
	while (count)
		free(names[--count]);
	free(names);
}

static bool unknown_revision(
	const struct revision *revision, const char *path, struct diags *diags)
{
	size_t count;
	char **names = revision_names(revision, &count);
	const char *near = suggest_nearest(
		revision->name, (const char *const *)names, count);
	AUTO(text) deepen = TEXT_INIT;

	if (git_repository_is_shallow(revision->repository) == 1) {
		text_append(
			&deepen, "; the clone is shallow; for the rest run ");
		way_out_git(&deepen, revision->repository);
		text_append(&deepen, "fetch --unshallow");
	}
	/* One that is near is what to type next. */
	if (!near && !deepen.length) {
		text_append(&deepen, "; list what there is with ");
		way_out_git(&deepen, revision->repository);
		text_append(&deepen, "branch -a");
	}
	diag_error(diags, NULL, RULE_GIT_REVISION,
		"unknown revision '%s' in '%s'%s%s%s%s", revision->name, path,
		near ? "; did you mean '" : "", near ? near : "",
		near ? "'?" : "", deepen.data);
	release_names(names, count);
	return false;
}

/* HEAD names a branch that is not there, as in a repository just made. */
static bool no_commit(
	const struct revision *revision, const char *path, struct diags *diags)
{
	size_t count;
	char **names = revision_names(revision, &count);

	if (count)
		diag_error(diags, NULL, RULE_GIT_REVISION,
			"HEAD of '%s' names a branch that has no commit; "
			"others have: use --rev %s",
			path, names[0]);
	else if (git_repository_is_bare(revision->repository))
		diag_error(diags, NULL, RULE_GIT_REVISION,
			"'%s' has no commit yet; push one to it", path);
	else
		diag_error(diags, NULL, RULE_GIT_REVISION,
			"'%s' has no commit yet; use --rev WORKTREE", path);
	release_names(names, count);
	return false;
}

/* A reference is there, and what it names is not. */
static bool is_lost(const struct revision *revision, git_oid *id)
{
	git_reference *reference = NULL;
	git_odb *odb = revision->odb;
	bool lost;

	if (git_reference_dwim(
		    &reference, revision->repository, revision->name))
		return false;
	lost = !git_reference_name_to_id(id, revision->repository,
		       git_reference_name(reference)) &&
	       !git_odb_exists(odb, id);
	git_reference_free(reference);
	return lost;
}

static bool cannot_resolve(struct revision *revision, const char *path,
	int code, struct diags *diags)
{
	AUTO_FREE char *error = own_strdup(repository_error());
	const char *name = revision->name;
	git_oid id;

	if (!strcmp(name, "HEAD") &&
		git_repository_head_unborn(revision->repository) == 1)
		return no_commit(revision, path, diags);
	if (is_lost(revision, &id))
		return lost_commit(revision, id.id, diags);
	if (code == GIT_EAMBIGUOUS)
		return diag_error(diags, NULL, RULE_GIT_REVISION,
			"revision '%s' is ambiguous in '%s'; write more of it",
			name, path);
	if (code == GIT_ENOTFOUND || code == GIT_EINVALIDSPEC)
		return unknown_revision(revision, path, diags);
	return diag_error(diags, NULL, RULE_GIT_REVISION,
		"cannot read revision '%s' in '%s': %s", name, path, error);
}

bool revision_resolve(
	struct revision *revision, const char *path, struct diags *diags)
{
	git_object *named = NULL;
	git_object *peeled = NULL;
	const git_oid *id;
	int code = git_revparse_single(
		&named, revision->repository, revision->name);

	if (code)
		return cannot_resolve(revision, path, code, diags);
	if (git_object_peel(&peeled, named, GIT_OBJECT_COMMIT))
		code = git_object_peel(&peeled, named, GIT_OBJECT_TREE);
	git_object_free(named);
	if (code)
		return diag_error(diags, NULL, RULE_GIT_REVISION,
			"revision '%s' in '%s' is neither a commit nor a tree",
			revision->name, path);
	id = git_object_id(peeled);
	git_oid_tostr(revision->id, sizeof(revision->id), id);
	revision->root = git_object_type(peeled) == GIT_OBJECT_COMMIT
				 ? *git_commit_tree_id((git_commit *)peeled)
				 : *id;
	git_object_free(peeled);
	return true;
}
