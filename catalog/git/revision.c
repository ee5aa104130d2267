#include "catalog/git/repair_command.h"
#include "catalog/git/repository.h"
#include "catalog/git/revision_internal.h"

#include "schema/yaml/parse.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool check_name(const char *rev, struct diags *diags)
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
	AUTO_FREE char *real = repository_real_path(path, diags);
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
	if (!check_name(rev, diags))
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
	free(revision->way_out);
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

void revision_git(const struct revision *revision, struct text *command)
{
	way_out_git(command, revision->repository);
}

char *revision_worktree_top(const char *folder)
{
	return repository_worktree_top(folder);
}

static bool ends_in(const char *path, const char *ending)
{
	size_t length = strlen(path);
	size_t size = strlen(ending);

	return length >= size && !strcmp(path + length - size, ending);
}

/* Would a catalog be read otherwise? A new folder ends in a slash. */
static bool is_read(const char *path)
{
	static const char *const endings[] = {".yaml", ".yml", ".json", "/"};
	static const char *const places[] = {
		"domains/", "actors/", "schemas/", "catalog.y"};
	bool has_ending = false;

	for (size_t i = 0; i < COUNT(endings); i++)
		has_ending |= ends_in(path, endings[i]);
	for (size_t i = 0; has_ending && i < COUNT(places); i++)
		if (!strncmp(path, places[i], strlen(places[i])))
			return true;
	return false;
}

struct difference {
	size_t prefix; /* length of the root's path */
	bool found;
};

/* One difference is enough; notes and drafts beside the catalog are none. */
static int stop_at_first(const char *path, unsigned flags, void *data)
{
	struct difference *difference = data;

	(void)flags;
	if (strlen(path) > difference->prefix &&
		!is_read(path + difference->prefix))
		return 0;
	difference->found = true;
	return 1;
}

bool revision_is_dirty(struct revision *revision)
{
	git_status_options options = {.version = GIT_STATUS_OPTIONS_VERSION};
	char *folder = revision->prefix;
	AUTO(text) index = TEXT_INIT;
	struct difference difference = {.prefix = strlen(folder)};

	if (revision->kind != REVISION_COMMIT ||
		strcmp(revision->name, "HEAD") ||
		git_repository_is_bare(revision->repository))
		return false;
	text_format(
		&index, "%sindex", git_repository_path(revision->repository));
	if (!repository_index_fits(index.data))
		return false;
	options.show = GIT_STATUS_SHOW_INDEX_AND_WORKDIR;
	options.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED |
			GIT_STATUS_OPT_EXCLUDE_SUBMODULES |
			GIT_STATUS_OPT_DISABLE_PATHSPEC_MATCH;
	options.pathspec.strings = &folder;
	options.pathspec.count = *folder ? 1 : 0;
	git_status_foreach_ext(
		revision->repository, &options, stop_at_first, &difference);
	return difference.found;
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

struct origin revision_place(const struct revision *revision, const char *path,
	struct source *source, struct text *shown)
{
	text_clear(shown);
	text_format(shown, "%s%s", revision->prefix, path);
	if (!shown->length)
		text_append_char(shown, '.');
	*source = (struct source){
		.revision = revision->id, .path = shown->data};
	return (struct origin){.source = source};
}

bool revision_not_a_file(const struct revision *revision, const char *path,
	const char *what, struct diags *diags)
{
	AUTO(text) shown = TEXT_INIT;
	struct source source;
	struct origin at = revision_place(revision, path, &source, &shown);

	return diag_error(diags, &at, RULE_LAYOUT_FILE_TYPE,
		"'%s' is %s, not a plain file or folder", shown.data, what);
}

bool revision_too_large(
	const struct revision *revision, const char *path, struct diags *diags)
{
	AUTO(text) shown = TEXT_INIT;
	struct source source;
	struct origin at = revision_place(revision, path, &source, &shown);

	return diag_error(diags, &at, RULE_LAYOUT_SIZE,
		"'%s' is larger than %d bytes", shown.data, YAML_MAX_BYTES);
}

bool revision_git_error(const struct revision *revision, const char *path,
	const char *what, struct diags *diags)
{
	AUTO(text) shown = TEXT_INIT;
	struct source source;
	struct origin at = revision_place(revision, path, &source, &shown);

	return diag_error(diags, &at, RULE_GIT_OBJECT, "%s of '%s': %s", what,
		shown.data, repository_error());
}

struct source *revision_new_source(const struct revision *revision,
	const char *path, struct arena *arena, size_t length, char **bytes)
{
	struct source *source = arena_alloc(arena, sizeof(*source));
	size_t prefix = strlen(revision->prefix);
	size_t size = strlen(path) + 1;
	char *whole = arena_alloc(arena, prefix + size);

	memcpy(whole, revision->prefix, prefix);
	memcpy(whole + prefix, path, size);
	*bytes = arena_alloc(arena, length + 1);
	*source = (struct source){.revision = revision->id,
		.path = whole,
		.bytes = *bytes,
		.length = length};
	return source;
}
