#include "catalog/git/revision_path.h"
#include "tests/fuzz/fuzz.h"

#include "catalog/git/revision_internal.h"

#include <string.h>

enum { MAX_FILES = 64, MAX_PATH = 300 };

/* The source of catalog/git/revision.h that these files are. */
struct memory {
	struct revision revision; /* first: the rest is found behind it */
	size_t count;
	struct file {
		char *path;
		struct part content;
	} files[MAX_FILES];
};

static struct memory *memory_of(struct revision *revision)
{
	return (struct memory *)(void *)revision;
}

static bool is_below(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	return !length ||
	       (!strncmp(path, folder, length) && path[length] == '/');
}

static bool lookup(struct revision *revision, const char *path,
	struct revision_entry *entry, bool *found, struct diags *diags)
{
	struct memory *memory = memory_of(revision);
	const char *slash = strrchr(path, '/');

	(void)diags;
	*entry = (struct revision_entry){.name = slash ? slash + 1 : path};
	for (size_t i = 0; i < memory->count && !*found; i++) {
		const struct file *file = &memory->files[i];

		*found = true;
		if (!strcmp(file->path, path))
			entry->kind = ENTRY_FILE;
		else if (is_below(file->path, path))
			entry->kind = ENTRY_FOLDER;
		else
			*found = false;
	}
	return true;
}

static int compare_entries(const void *a, const void *b)
{
	return strcmp(((const struct revision_entry *)a)->name,
		((const struct revision_entry *)b)->name);
}

static bool list(struct revision *revision, const char *folder,
	const struct revision_entry *entry, struct arena *arena,
	struct revision_entry **entries, size_t *count, struct diags *diags)
{
	struct memory *memory = memory_of(revision);
	size_t skip = strlen(folder) + (*folder != '\0');
	size_t kept = 0;

	(void)entry;
	(void)diags;
	*entries = arena_alloc(arena, (memory->count + 1) * sizeof(**entries));
	for (size_t i = 0; i < memory->count; i++) {
		const char *path = memory->files[i].path;
		size_t length;

		if (!is_below(path, folder))
			continue;
		length = strcspn(path + skip, "/");
		(*entries)[(*count)++] = (struct revision_entry){
			.name = arena_strndup(arena, path + skip, length),
			.kind = path[skip + length] ? ENTRY_FOLDER
						    : ENTRY_FILE};
	}
	if (!*count)
		return true;
	qsort(*entries, *count, sizeof(**entries), compare_entries);
	for (size_t i = 1; i < *count; i++)
		if (strcmp((*entries)[kept].name, (*entries)[i].name) != 0)
			(*entries)[++kept] = (*entries)[i];
	*count = kept + 1;
	return true;
}

static bool read_file(struct revision *revision, const char *path,
	const struct revision_entry *entry, struct arena *arena,
	const struct source **source, struct diags *diags)
{
	struct memory *memory = memory_of(revision);

	(void)entry;
	(void)diags;
	for (size_t i = 0; i < memory->count; i++) {
		struct part content = memory->files[i].content;
		char *bytes;

		if (strcmp(memory->files[i].path, path) != 0)
			continue;
		*source = revision_path_source(
			revision, path, arena, content.length, &bytes);
		if (content.length)
			memcpy(bytes, content.bytes, content.length);
		return true;
	}
	return true;
}

static void release(struct revision *revision)
{
	struct memory *memory = memory_of(revision);

	for (size_t i = 0; i < memory->count; i++)
		free(memory->files[i].path);
}

static const struct revision_source memory_source = {
	.lookup = lookup,
	.list = list,
	.read = read_file,
	.close = release,
};

/* A name that a folder could hold, and no file where a folder is. */
static bool fits(const struct memory *memory, const char *path)
{
	for (size_t i = 0; i < memory->count; i++)
		if (!strcmp(memory->files[i].path, path) ||
			is_below(memory->files[i].path, path) ||
			is_below(path, memory->files[i].path))
			return false;
	if (!*path || strlen(path) > MAX_PATH)
		return false;
	for (const char *at = path;; at++) {
		size_t length = strcspn(at, "/");

		if (!length || (length == 1 && at[0] == '.') ||
			(length == 2 && at[0] == '.' && at[1] == '.'))
			return false;
		at += length;
		if (!*at)
			return true;
	}
}

struct revision *fuzz_revision(struct part rest)
{
	struct memory *memory = own_alloc(sizeof(*memory));
	struct part part;

	memory->revision.kind = REVISION_WORKTREE;
	memory->revision.source = &memory_source;
	memory->revision.name = own_strdup("WORKTREE");
	memory->revision.prefix = own_strdup("");
	memory->revision.root_fd = -1;
	memory->revision.folder_fd = -1;
	strcpy(memory->revision.id, "WORKTREE");
	while (memory->count < MAX_FILES && fuzz_part(&rest, &part)) {
		AUTO_FREE char *path = fuzz_string(fuzz_line(&part));

		if (!fits(memory, path))
			continue;
		memory->files[memory->count++] = (struct file){
			own_strdup(path), part};
	}
	return &memory->revision;
}
