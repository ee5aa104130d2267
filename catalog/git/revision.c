#include "catalog/git/revision.h"

#include "catalog/git/repair_command.h"
#include "catalog/git/repository.h"
#include "catalog/git/repository_path.h"
#include "catalog/git/revision_commit.h"
#include "catalog/git/revision_index.h"
#include "catalog/git/revision_internal.h"
#include "catalog/git/revision_worktree.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool check_revision(const char *rev, struct diags *diags)
{
	if (!*rev)
		return diag_error(diags, NULL, RULE_GIT_REVISION,
			"the revision is empty; leave --rev out for HEAD");
	if (*rev == '-')
		return diag_error(diags, NULL, RULE_GIT_REVISION,
			"revision '%s' begins with a dash", rev);
	for (const char *at = rev; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			return diag_error(diags, NULL, RULE_GIT_REVISION,
				"revision '%s' holds a control character", rev);
	return true;
}

static bool open_kind(struct revision *revision, const char *path, bool strict,
	struct diags *diags)
{
	AUTO_FREE char *real = repository_path_real(path, diags);
	AUTO(text) prefix = TEXT_INIT;

	if (!real)
		return false;
	if (!strcmp(revision->name, "WORKTREE"))
		return revision_worktree_open(revision, real, diags);
	if (!repository_open(
		    &revision->repository, &prefix, real, strict, diags))
		return false;
	revision->prefix = text_detach(&prefix);
	if (!strcmp(revision->name, "INDEX"))
		return revision_index_open(revision, path, diags);
	return revision_commit_open(revision, path, diags);
}

bool revision_open(struct revision **revision, const char *path,
	const char *rev, bool strict, struct diags *diags)
{
	struct revision *opened;

	*revision = NULL;
	if (!check_revision(rev, diags))
		return false;
	opened = own_alloc(sizeof(*opened));
	opened->root_fd = -1;
	opened->folder_fd = -1;
	opened->name = own_strdup(rev);
	if (!open_kind(opened, path, strict, diags)) {
		revision_close(opened);
		return false;
	}
	*revision = opened;
	return true;
}

void revision_close(struct revision *revision)
{
	if (!revision)
		return;
	if (revision->source)
		revision->source->close(revision);
	git_repository_free(revision->repository);
	free(revision->repair);
	free(revision->name);
	free(revision->prefix);
	free(revision);
}

enum revision_kind revision_kind(const struct revision *revision)
{
	return revision->kind;
}

const char *revision_id(const struct revision *revision)
{
	return revision->id;
}

const char *revision_name(const struct revision *revision)
{
	return revision->name;
}

const char *revision_prefix(const struct revision *revision)
{
	return revision->prefix;
}

git_repository *revision_repository(const struct revision *revision)
{
	return revision->repository;
}

char *revision_folder(const struct revision *revision)
{
	char path[PATH_MAX];
	char link[64];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", revision->root_fd);
	length = readlink(link, path, sizeof(path) - 1);
	return length > 0 ? own_strndup(path, (size_t)length) : NULL;
}

void revision_git(const struct revision *revision, struct text *command)
{
	repair_command_git(command, revision->repository);
}

/* No part may be empty, "." or "..". */
static bool check_path(const char *path, struct diags *diags)
{
	const char *at = path;

	while (*at) {
		size_t length = strcspn(at, "/");

		if (!length || (at[0] == '.' && length == 1) ||
			(length == 2 && !strncmp(at, "..", 2)) ||
			(at[length] && !at[length + 1]))
			return diag_error(diags, NULL, RULE_IO_READ,
				"'%s' is not a path inside the catalog", path);
		at += length + (at[length] == '/');
	}
	return true;
}

bool revision_lookup(struct revision *revision, const char *path,
	struct revision_entry *entry, bool *found, struct diags *diags)
{
	*found = false;
	return check_path(path, diags) &&
	       revision->source->lookup(revision, path, entry, found, diags);
}

bool revision_list_entry(struct revision *revision, const char *folder,
	const struct revision_entry *entry, struct arena *arena,
	struct revision_entry **entries, size_t *count, struct diags *diags)
{
	*entries = NULL;
	*count = 0;
	return check_path(folder, diags) &&
	       revision->source->list(
		       revision, folder, entry, arena, entries, count, diags);
}

bool revision_list(struct revision *revision, const char *folder,
	struct arena *arena, struct revision_entry **entries, size_t *count,
	struct diags *diags)
{
	return revision_list_entry(
		revision, folder, NULL, arena, entries, count, diags);
}

bool revision_read_entry(struct revision *revision, const char *path,
	const struct revision_entry *entry, struct arena *arena,
	const struct source **source, struct diags *diags)
{
	*source = NULL;
	return check_path(path, diags) && revision->source->read(revision, path,
						  entry, arena, source, diags);
}

bool revision_read(struct revision *revision, const char *path,
	struct arena *arena, const struct source **source, struct diags *diags)
{
	return revision_read_entry(revision, path, NULL, arena, source, diags);
}
