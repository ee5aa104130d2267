#include "catalog/git/revision_parse.h"

#include "catalog/git/libgit2_init.h"
#include "catalog/git/missing_object.h"
#include "catalog/git/repair_command.h"
#include "catalog/git/revision_internal.h"
#include "catalog/git/revision_names.h"

#include "schema/base/suggest.h"

#include <stdlib.h>
#include <string.h>

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
		repair_command_git(&deepen, revision->repository);
		text_append(&deepen, "fetch --unshallow");
	}
	/* One that is near is what to type next. */
	if (!near && !deepen.length) {
		text_append(&deepen, "; list what there is with ");
		repair_command_git(&deepen, revision->repository);
		text_append(&deepen, "branch -a");
	}
	diag_error(diags, NULL, RULE_GIT_REVISION,
		"unknown revision '%s' in '%s'%s%s%s%s", revision->name, path,
		near ? "; did you mean '" : "", near ? near : "",
		near ? "'?" : "", deepen.data);
	revision_names_release(names, count);
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
	revision_names_release(names, count);
	return false;
}

/* A reference is there, and what it names is not. */
static bool is_dangling(const struct revision *revision, git_oid *id)
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
	AUTO_FREE char *error = own_strdup(libgit2_error());
	const char *name = revision->name;
	git_oid id;

	if (!strcmp(name, "HEAD") &&
		git_repository_head_unborn(revision->repository) == 1)
		return no_commit(revision, path, diags);
	if (is_dangling(revision, &id))
		return missing_object_report_commit(revision, id.id, diags);
	if (code == GIT_EAMBIGUOUS)
		return diag_error(diags, NULL, RULE_GIT_REVISION,
			"revision '%s' is ambiguous in '%s'; write more of it",
			name, path);
	if (code == GIT_ENOTFOUND || code == GIT_EINVALIDSPEC)
		return unknown_revision(revision, path, diags);
	return diag_error(diags, NULL, RULE_GIT_REVISION,
		"cannot read revision '%s' in '%s': %s", name, path, error);
}

bool revision_parse(
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
