#include "catalog/git/revision_commit.h"

#include "catalog/git/libgit2_init.h"
#include "catalog/git/missing_object.h"
#include "catalog/git/raw_tree.h"
#include "catalog/git/repair_command.h"
#include "catalog/git/revision_internal.h"
#include "catalog/git/revision_parse.h"
#include "catalog/git/revision_path.h"
#include "catalog/git/shell_quote.h"

#include "schema/yaml/parse.h"

#include <stdlib.h>
#include <string.h>

enum {
	MAX_DEPTH = 16,
	MAX_TREE_BYTES = 256 * 1024 * 1024,
};

/*
 * The trees on the way to the last path, the root first: the next path
 * mostly shares them.
 */
struct revision_trees {
	bool rooted; /* the first is the catalog's root, no longer the
			repository's */
	size_t depth;
	struct tree {
		git_odb_object *object;
		char *name; /* "" for the root */
	} level[MAX_DEPTH];
};

static void forget(struct revision_trees *trees, size_t depth)
{
	while (trees->depth > depth) {
		struct tree *tree = &trees->level[--trees->depth];

		git_odb_object_free(tree->object);
		free(tree->name);
	}
}

static void close_commit(struct revision *revision)
{
	if (revision->trees)
		forget(revision->trees, 0);
	free(revision->trees);
	git_odb_free(revision->odb);
}

static bool object_error(struct revision *revision, const char *path,
	const unsigned char *id, int code, struct diags *diags)
{
	AUTO(text) shown = TEXT_INIT;
	struct source source;

	revision_path_origin(revision, path, &source, &shown);
	return missing_object_report(revision, shown.data, id, code, diags);
}

static bool read_object(struct revision *revision, const char *path,
	const unsigned char *id, git_object_t type, size_t most,
	git_odb_object **object, struct diags *diags)
{
	git_object_t actual;
	git_oid oid;
	size_t size;
	int code;

	git_oid_fromraw(&oid, id);
	/* The size first: a small pack can hold an enormous object. */
	code = git_odb_read_header(&size, &actual, revision->odb, &oid);
	if (code)
		return object_error(revision, path, id, code, diags);
	if (actual != type)
		return revision_path_not_a_file(
			revision, path, git_object_type2string(actual), diags);
	if (size > most)
		return revision_path_too_large(revision, path, diags);
	code = git_odb_read(object, revision->odb, &oid);
	return !code || object_error(revision, path, id, code, diags);
}

static bool enter_tree(struct revision *revision, const char *path,
	const char *name, size_t length, const unsigned char *id,
	struct diags *diags)
{
	struct revision_trees *trees = revision->trees;
	struct tree *tree = &trees->level[trees->depth];

	if (!read_object(revision, path, id, GIT_OBJECT_TREE, MAX_TREE_BYTES,
		    &tree->object, diags))
		return false;
	tree->name = own_strndup(name, length);
	trees->depth++;
	return true;
}

/* Of the six digits of a mode only these mean a commit elsewhere. */
static bool is_submodule(
	const struct revision_entry *entry, git_odb_object *tree)
{
	static const char mode[] = "160000 ";
	const char *start = git_odb_object_data(tree);
	size_t length = strlen(mode);

	return (size_t)(entry->name - start) >= length &&
	       !memcmp(entry->name - length, mode, length);
}

/* A catalog may be a submodule, and holds none. */
static bool not_a_folder(const struct revision *revision, const char *path,
	const struct revision_entry *entry, git_odb_object *tree,
	struct diags *diags)
{
	AUTO(text) shown = TEXT_INIT;
	AUTO(text) update = TEXT_INIT;
	struct source source;
	struct origin at;

	if (revision->trees->rooted || !is_submodule(entry, tree) ||
		git_repository_is_bare(revision->repository))
		return revision_path_not_a_file(revision, path,
			"a symbolic link or a submodule", diags);
	at = revision_path_origin(revision, path, &source, &shown);
	repair_command_git(&update, revision->repository);
	text_append(&update, "submodule update --init ");
	shell_quote(&update, shown.data);
	return diag_error(diags, &at, RULE_LAYOUT_FILE_TYPE,
		"'%s' is a submodule that is not checked out: %s", shown.data,
		update.data);
}

/*
 * Go to the tree of a folder. *found is false, without an error, when there
 * is no such folder.
 */
static bool walk_trees(struct revision *revision, const char *path,
	size_t length, bool *found, struct diags *diags)
{
	struct revision_trees *trees = revision->trees;
	size_t level = 1;

	*found = false;
	for (size_t at = 0; at < length; level++) {
		const char *name = path + at;
		size_t size = strcspn(name, "/");
		struct revision_entry entry;

		if (at + size > length)
			size = length - at;
		at += size + 1;
		if (level == MAX_DEPTH)
			return true;
		if (level < trees->depth &&
			!strncmp(trees->level[level].name, name, size) &&
			!trees->level[level].name[size])
			continue;
		forget(trees, level);
		if (!raw_tree_find(trees->level[level - 1].object, name, size,
			    &entry) ||
			entry.kind == ENTRY_FILE)
			return true;
		if (entry.kind == ENTRY_OTHER) {
			AUTO_FREE char *part = own_strndup(
				path, (size_t)(name + size - path));

			return not_a_folder(revision, part, &entry,
				trees->level[level - 1].object, diags);
		}
		if (!enter_tree(
			    revision, path, name, size, entry.blob_id, diags))
			return false;
	}
	forget(trees, level);
	*found = true;
	return true;
}

static bool lookup_commit(struct revision *revision, const char *path,
	struct revision_entry *entry, bool *found, struct diags *diags)
{
	struct revision_trees *trees = revision->trees;
	const char *name = revision_path_name(path);
	size_t length = (size_t)(name - path);

	if (!*path) {
		*entry = (struct revision_entry){
			.name = path, .kind = ENTRY_FOLDER};
		memcpy(entry->blob_id,
			git_odb_object_id(trees->level[0].object)->id,
			GIT_OID_RAWSZ);
		*found = true;
		return true;
	}
	if (!walk_trees(revision, path, length ? length - 1 : 0, found, diags))
		return false;
	if (*found)
		*found = raw_tree_find(trees->level[trees->depth - 1].object,
			name, strlen(name), entry);
	entry->name = name;
	return true;
}

bool revision_commit_tree(struct revision *revision, const char *path,
	const struct revision_entry *entry, git_odb_object **tree,
	struct diags *diags)
{
	return read_object(revision, path, entry->blob_id, GIT_OBJECT_TREE,
		MAX_TREE_BYTES, tree, diags);
}

static bool find_tree(struct revision *revision, const char *folder,
	const char **bytes, size_t *length, struct diags *diags)
{
	struct revision_trees *trees = revision->trees;
	git_odb_object *tree;
	bool found;

	*bytes = NULL;
	if (!walk_trees(revision, folder, strlen(folder), &found, diags))
		return false;
	if (!found)
		return true;
	tree = trees->level[trees->depth - 1].object;
	*bytes = git_odb_object_data(tree);
	*length = git_odb_object_size(tree);
	return true;
}

/* Git sorts a folder as if its name ended in a slash; we don't. */
static void sort_entries(struct revision_entry *list, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (strcmp(list[i - 1].name, list[i].name) > 0) {
			qsort(list, count, sizeof(*list),
				revision_entry_compare);
			return;
		}
}

static void copy_entries(const char *bytes, size_t length, struct arena *arena,
	struct revision_entry **entries, size_t *count)
{
	const char *copy = arena_strndup(arena, bytes, length);
	const char *end = copy + length;
	struct revision_entry entry;

	*count = 0;
	for (const char *at = copy; raw_tree_next(&at, end, &entry);)
		++*count;
	*entries = arena_alloc(arena, (*count + 1) * sizeof(**entries));
	*count = 0;
	for (const char *at = copy;
		raw_tree_next(&at, end, &(*entries)[*count]);)
		++*count;
	sort_entries(*entries, *count);
}

static bool list_commit(struct revision *revision, const char *folder,
	const struct revision_entry *entry, struct arena *arena,
	struct revision_entry **entries, size_t *count, struct diags *diags)
{
	git_odb_object *object = NULL;
	const char *bytes;
	size_t length;

	if (!entry) {
		if (!find_tree(revision, folder, &bytes, &length, diags))
			return false;
		if (bytes)
			copy_entries(bytes, length, arena, entries, count);
		return true;
	}
	if (!revision_commit_tree(revision, folder, entry, &object, diags))
		return false;
	copy_entries(git_odb_object_data(object), git_odb_object_size(object),
		arena, entries, count);
	git_odb_object_free(object);
	return true;
}

bool revision_commit_blob(struct revision *revision, const char *path,
	const struct revision_entry *entry, struct arena *arena,
	const struct source **source, struct diags *diags)
{
	git_odb_object *object = NULL;
	size_t length;
	char *bytes;

	if (entry->kind == ENTRY_FOLDER)
		return revision_path_not_a_file(
			revision, path, "a folder", diags);
	if (entry->kind == ENTRY_OTHER)
		return revision_path_not_a_file(revision, path,
			"a symbolic link or a submodule", diags);
	if (!read_object(revision, path, entry->blob_id, GIT_OBJECT_BLOB,
		    YAML_MAX_BYTES, &object, diags))
		return false;
	length = git_odb_object_size(object);
	*source = revision_path_source(revision, path, arena, length, &bytes);
	memcpy(bytes, git_odb_object_data(object), length);
	git_odb_object_free(object);
	return true;
}

static bool read_commit(struct revision *revision, const char *path,
	const struct revision_entry *entry, struct arena *arena,
	const struct source **source, struct diags *diags)
{
	struct revision_entry found_entry;
	bool found = true;

	if (!entry) {
		if (!lookup_commit(revision, path, &found_entry, &found, diags))
			return false;
		entry = &found_entry;
	}
	return !found || revision_commit_blob(
				 revision, path, entry, arena, source, diags);
}

static const struct revision_source commit_source = {
	.lookup = lookup_commit,
	.list = list_commit,
	.read = read_commit,
	.close = close_commit,
};

static bool no_folder(
	const struct revision *revision, const char *path, struct diags *diags)
{
	size_t length = strlen(revision->prefix);

	return diag_error(diags, NULL, RULE_CATALOG_MISSING,
		"'%.*s' does not exist in revision '%s' of '%s'",
		length ? (int)length - 1 : 0, revision->prefix, revision->name,
		path);
}

/* The deepest tree becomes the only one. */
static void make_root(struct revision_trees *trees)
{
	struct tree root = trees->level[--trees->depth];

	forget(trees, 0);
	trees->level[0] = root;
	trees->depth = 1;
	trees->rooted = true;
}

bool revision_commit_open(
	struct revision *revision, const char *path, struct diags *diags)
{
	AUTO_FREE char *prefix = revision->prefix;
	bool found;

	/* On the way to the root, paths count from the repository's. */
	revision->prefix = own_strdup("");
	revision->kind = REVISION_COMMIT;
	revision->source = &commit_source;
	if (git_repository_odb(&revision->odb, revision->repository))
		return diag_error(diags, NULL, RULE_GIT_REPOSITORY,
			"cannot read the objects of '%s': %s", path,
			libgit2_error());
	if (!revision_parse(revision, path, diags))
		return false;
	revision->trees = own_alloc(sizeof(*revision->trees));
	if (!enter_tree(revision, "", "", 0, revision->root.id, diags) ||
		!walk_trees(revision, prefix,
			strlen(prefix) - (*prefix != '\0'), &found, diags))
		return false;
	free(revision->prefix);
	revision->prefix = prefix;
	prefix = NULL;
	if (!found)
		return no_folder(revision, path, diags);
	make_root(revision->trees);
	return true;
}
