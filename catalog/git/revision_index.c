#include "catalog/git/revision_index.h"

#include "catalog/libgit2/version.h"

#include "catalog/git/repository.h"
#include "catalog/git/revision_commit.h"
#include "catalog/git/revision_internal.h"
#include "catalog/git/revision_path.h"

#include "schema/yaml/parse.h"

#include <stdlib.h>
#include <string.h>

static void close_index(struct revision *revision)
{
	git_index_free(revision->index);
	git_odb_free(revision->odb);
}

/* Only announced by `git add -N`: a commit would not have it. */
static bool is_staged(const git_index_entry *entry)
{
	return !(entry->flags_extended & GIT_INDEX_ENTRY_INTENT_TO_ADD);
}

static enum entry_kind staged_kind(uint32_t mode)
{
	return (mode & 0170000) == 0100000 ? ENTRY_FILE : ENTRY_OTHER;
}

/* Where the entries begin whose path starts with this; may be the end. */
static size_t find_first(struct revision *revision, const char *prefix)
{
	size_t at;

	if (git_index_find_prefix(&at, revision->index, prefix))
		return git_index_entrycount(revision->index);
	return at;
}

static const git_index_entry *entry_at(
	struct revision *revision, size_t at, const struct text *prefix)
{
	const git_index_entry *entry = git_index_get_byindex(
		revision->index, at);

	if (!entry || strncmp(entry->path, prefix->data, prefix->length))
		return NULL;
	return entry;
}

static bool check_conflict(struct revision *revision, const char *path,
	const git_index_entry *entry, struct diags *diags)
{
	AUTO(text) shown = TEXT_INIT;
	struct source source;
	struct origin at;

	if (!git_index_entry_is_conflict(entry))
		return true;
	at = revision_path_origin(revision, path, &source, &shown);
	return diag_error(diags, &at, RULE_GIT_OBJECT,
		"'%s' has an unresolved merge conflict; resolve it and git add "
		"it",
		shown.data);
}

static bool lookup_index(struct revision *revision, const char *path,
	struct revision_entry *entry, bool *found, struct diags *diags)
{
	AUTO(text) whole = TEXT_INIT;
	const git_index_entry *staged;

	text_format(&whole, "%s%s", revision->prefix, path);
	*entry = (struct revision_entry){.name = revision_path_name(path)};
	staged = entry_at(revision, find_first(revision, whole.data), &whole);
	if (staged && !staged->path[whole.length]) {
		if (!check_conflict(revision, path, staged, diags))
			return false;
		*found = is_staged(staged);
		entry->kind = staged_kind(staged->mode);
		memcpy(entry->blob_id, staged->id.id, sizeof(entry->blob_id));
		return true;
	}
	if (*path)
		text_append_char(&whole, '/');
	staged = entry_at(revision, find_first(revision, whole.data), &whole);
	*found = staged != NULL;
	entry->kind = ENTRY_FOLDER;
	return true;
}

static bool same_name(
	const struct revision_entry *entry, const char *name, size_t length)
{
	return !strncmp(entry->name, name, length) && !entry->name[length];
}

struct listing {
	struct revision_entry *list;
	size_t count, capacity;
};

/* `name` is the path below the folder: "a.yaml", or "sub/a.yaml". */
static void add_entry(struct listing *listing, const char *name,
	const git_index_entry *staged, struct arena *arena)
{
	size_t length = strcspn(name, "/");
	struct revision_entry *entry;

	if (listing->count &&
		same_name(&listing->list[listing->count - 1], name, length))
		return; /* another file of a folder, another side of a conflict
			 */
	listing->list = own_grow(listing->list, listing->count,
		&listing->capacity, sizeof(*listing->list));
	entry = &listing->list[listing->count++];
	*entry = (struct revision_entry){
		.name = arena_strndup(arena, name, length),
		.kind = ENTRY_FOLDER};
	if (name[length])
		return;
	entry->kind = staged_kind(staged->mode);
	if (!git_index_entry_is_conflict(staged))
		memcpy(entry->blob_id, staged->id.id, sizeof(entry->blob_id));
}

static bool list_index(struct revision *revision, const char *folder,
	const struct revision_entry *entry, struct arena *arena,
	struct revision_entry **entries, size_t *count, struct diags *diags)
{
	AUTO(text) whole = TEXT_INIT;
	struct listing listing = {.list = NULL};
	const git_index_entry *staged;

	(void)entry;
	(void)diags;
	text_format(
		&whole, "%s%s%s", revision->prefix, folder, *folder ? "/" : "");
	for (size_t i = find_first(revision, whole.data);
		(staged = entry_at(revision, i, &whole)); i++)
		if (is_staged(staged))
			add_entry(&listing, staged->path + whole.length, staged,
				arena);
	*count = listing.count;
	if (listing.count) {
		/* The index has "a.b" before "a/b"; a folder's name ends
		 * before the slash. */
		qsort(listing.list, listing.count, sizeof(*listing.list),
			revision_entry_compare);
		*entries = arena_alloc(
			arena, listing.count * sizeof(*listing.list));
		memcpy(*entries, listing.list,
			listing.count * sizeof(*listing.list));
	}
	free(listing.list);
	return true;
}

static bool read_index(struct revision *revision, const char *path,
	const struct revision_entry *entry, struct arena *arena,
	const struct source **source, struct diags *diags)
{
	static const unsigned char conflict[sizeof(entry->blob_id)];
	struct revision_entry found_entry;
	bool found = true;

	if (!entry || !memcmp(entry->blob_id, conflict, sizeof(conflict))) {
		if (!lookup_index(revision, path, &found_entry, &found, diags))
			return false;
		entry = &found_entry;
	}
	if (!found)
		return true;
	return revision_commit_blob(
		revision, path, entry, arena, source, diags);
}

static const struct revision_source index_source = {
	.lookup = lookup_index,
	.list = list_index,
	.read = read_index,
	.close = close_index,
};

/*
 * `git commit -a` and `git commit FILE` let the hook see a temporary index,
 * which GIT_INDEX_FILE names; a relative name counts from the top of the
 * working tree, where hooks run.
 */
static int open_index(struct revision *revision)
{
	const char *file = getenv("GIT_INDEX_FILE");
	const char *top = git_repository_workdir(revision->repository);
	AUTO(text) path = TEXT_INIT;

	if (!file || !*file)
		text_format(&path, "%sindex",
			git_repository_path(revision->repository));
	else
		text_format(
			&path, "%s%s", *file != '/' && top ? top : "", file);
	if (!repository_index_fits(path.data)) {
		git_error_set_str(
			GIT_ERROR_INDEX, "it has fewer entries than it says");
		return GIT_ERROR;
	}
	if (!file || !*file)
		return git_repository_index(
			&revision->index, revision->repository);
	return git_index_open(&revision->index, path.data);
}

bool revision_index_open(
	struct revision *revision, const char *path, struct diags *diags)
{
	int caps;

	revision->kind = REVISION_INDEX;
	revision->source = &index_source;
	strcpy(revision->id, "INDEX");
	if (git_repository_is_bare(revision->repository))
		return diag_error(diags, NULL, RULE_GIT_REVISION,
			"'%s' is a bare repository and has no index; name a "
			"revision, such as HEAD",
			path);
	if (open_index(revision) ||
		git_repository_odb(&revision->odb, revision->repository))
		return revision_path_git_error(
			revision, "", "cannot read the index", diags);
	/* Ids differ by case also where core.ignorecase is set. */
	caps = git_index_caps(revision->index);
	git_index_set_caps(
		revision->index, caps & ~GIT_INDEX_CAPABILITY_IGNORE_CASE);
	return true;
}
