/*
 * A commit's trees, read raw: a tree of ten thousand entries is searched
 * several times faster than libgit2 parses it.
 */
#include "catalog/repository.h"
#include "catalog/revision_source.h"

#include "schema/nearest.h"
#include "schema/yaml.h"

#include <stdlib.h>
#include <string.h>

enum {
	MAX_DEPTH = 16,
	MAX_TREE_BYTES = 256 * 1024 * 1024,
	MAX_NAMES = 10000, /* of branches and tags, to suggest one */
};

/*
 * The trees on the way to the last path, the root first: the next path
 * mostly shares them.
 */
struct revision_trees {
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

static const char *short_name(const char *reference)
{
	static const char *const spaces[] = {
		"refs/heads/", "refs/tags/", "refs/remotes/"};

	for (size_t i = 0; i < COUNT(spaces); i++)
		if (!strncmp(reference, spaces[i], strlen(spaces[i])))
			return reference + strlen(spaces[i]);
	return NULL;
}

static bool unknown_revision(
	const struct revision *revision, const char *path, struct diags *diags)
{
	git_reference_iterator *iterator = NULL;
	const char **names = NULL;
	const char *reference;
	const char *near;
	size_t count = 0;

	if (!git_reference_iterator_new(&iterator, revision->repository))
		while (count < MAX_NAMES &&
			!git_reference_next_name(&reference, iterator)) {
			const char *name = short_name(reference);

			if (!name)
				continue;
			names = own_realloc(names, count + 1, sizeof(*names));
			names[count++] = own_strdup(name);
		}
	git_reference_iterator_free(iterator);
	near = nearest(revision->name, names, count);
	diag_error(diags, NULL, RULE_GIT_REVISION,
		"unknown revision '%s' in '%s'%s%s%s%s", revision->name, path,
		near ? "; did you mean '" : "", near ? near : "",
		near ? "'?" : "",
		git_repository_is_shallow(revision->repository) == 1
			? "; the clone is shallow: git fetch --unshallow gets "
			  "the rest"
			: "");
	while (count)
		free((void *)(uintptr_t)names[--count]);
	free(names);
	return false;
}

static bool cannot_resolve(struct revision *revision, const char *path,
	int code, struct diags *diags)
{
	const char *name = revision->name;

	if (!strcmp(name, "HEAD") &&
		git_repository_head_unborn(revision->repository) == 1)
		return diag_error(diags, NULL, RULE_GIT_REVISION,
			"'%s' has no commit yet; use --rev WORKTREE", path);
	if (code == GIT_EAMBIGUOUS)
		return diag_error(diags, NULL, RULE_GIT_REVISION,
			"revision '%s' is ambiguous in '%s'; write more of it",
			name, path);
	if (code == GIT_ENOTFOUND || code == GIT_EINVALIDSPEC)
		return unknown_revision(revision, path, diags);
	return diag_error(diags, NULL, RULE_GIT_REVISION,
		"cannot read revision '%s' in '%s': %s", name, path,
		repository_error());
}

/* The tree of what the name means, and the id that is shown. */
static bool resolve(
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

bool revision_tree_next(
	const char **at, const char *end, struct revision_entry *entry)
{
	const char *mode = *at;
	const char *name = memchr(mode, ' ', (size_t)(end - mode));
	const char *id = name ? memchr(name, '\0', (size_t)(end - name)) : NULL;

	if (!id || end - id < 1 + GIT_OID_RAWSZ)
		return false;
	entry->name = name + 1;
	entry->kind = ENTRY_OTHER;
	if (name - mode == 5 && !memcmp(mode, "40000", 5))
		entry->kind = ENTRY_FOLDER;
	else if (name - mode == 6 && !memcmp(mode, "100", 3))
		entry->kind = ENTRY_FILE;
	memcpy(entry->blob_id, id + 1, GIT_OID_RAWSZ);
	*at = id + 1 + GIT_OID_RAWSZ;
	return true;
}

/*
 * Steps over the entries without taking them apart: in a folder of ten
 * thousand files this loop is a tenth of what `bridge catalog show` takes.
 */
static bool find_entry(git_odb_object *tree, const char *name, size_t length,
	struct revision_entry *entry)
{
	const char *at = git_odb_object_data(tree);
	const char *end = at + git_odb_object_size(tree);

	while (end - at > 7 + GIT_OID_RAWSZ) {
		const char *here = at + 6 + (at[5] != ' ');
		const char *nul = memchr(here, '\0', (size_t)(end - here));

		if (!nul || end - nul < 1 + GIT_OID_RAWSZ)
			return false;
		if ((size_t)(nul - here) == length &&
			!memcmp(here, name, length))
			return revision_tree_next(&at, end, entry);
		at = nul + 1 + GIT_OID_RAWSZ;
	}
	return false;
}

static bool object_error(const struct revision *revision, const char *path,
	const unsigned char *id, int code, struct diags *diags)
{
	AUTO(text) shown = TEXT_INIT;
	char hex[GIT_OID_HEXSZ + 1];
	struct source source;
	struct origin at = revision_place(revision, path, &source, &shown);
	git_oid oid;

	if (code != GIT_ENOTFOUND)
		return revision_git_error(
			revision, path, "cannot read the object", diags);
	git_oid_fromraw(&oid, id);
	git_oid_tostr(hex, sizeof(hex), &oid);
	return diag_error(diags, &at, RULE_GIT_OBJECT,
		"object %s of '%s' is not in the repository; in a partial "
		"clone run git fetch --refetch origin",
		hex, shown.data);
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
		return revision_not_a_file(
			revision, path, git_object_type2string(actual), diags);
	if (size > most)
		return revision_too_large(revision, path, diags);
	code = git_odb_read(object, revision->odb, &oid);
	return !code || object_error(revision, path, id, code, diags);
}

static bool enter(struct revision *revision, const char *path, const char *name,
	size_t length, const unsigned char *id, struct diags *diags)
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

/*
 * Go to the tree of a folder. *found is false, without an error, when there
 * is no such folder.
 */
static bool walk(struct revision *revision, const char *path, size_t length,
	bool *found, struct diags *diags)
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
		if (!find_entry(trees->level[level - 1].object, name, size,
			    &entry) ||
			entry.kind == ENTRY_FILE)
			return true;
		if (entry.kind == ENTRY_OTHER) {
			AUTO_FREE char *part = own_strndup(
				path, (size_t)(name + size - path));

			return revision_not_a_file(revision, part,
				"a symbolic link or a submodule", diags);
		}
		if (!enter(revision, path, name, size, entry.blob_id, diags))
			return false;
	}
	forget(trees, level);
	*found = true;
	return true;
}

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
}

bool revision_commit_open(
	struct revision *revision, const char *path, struct diags *diags)
{
	AUTO_FREE char *prefix = revision->prefix;
	bool found;

	/* On the way to the root, paths count from the repository's. */
	revision->prefix = own_strdup("");
	revision->kind = REVISION_COMMIT;
	revision->source = &revision_commit_source;
	if (git_repository_odb(&revision->odb, revision->repository))
		return diag_error(diags, NULL, RULE_GIT_REPOSITORY,
			"cannot read the objects of '%s': %s", path,
			repository_error());
	if (!resolve(revision, path, diags))
		return false;
	revision->trees = own_alloc(sizeof(*revision->trees));
	if (!enter(revision, "", "", 0, revision->root.id, diags) ||
		!walk(revision, prefix, strlen(prefix) - (*prefix != '\0'),
			&found, diags))
		return false;
	free(revision->prefix);
	revision->prefix = prefix;
	prefix = NULL;
	if (!found)
		return no_folder(revision, path, diags);
	make_root(revision->trees);
	return true;
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool lookup_commit(struct revision *revision, const char *path,
	struct revision_entry *entry, bool *found, struct diags *diags)
{
	struct revision_trees *trees = revision->trees;
	const char *name = last_part(path);
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
	if (!walk(revision, path, length ? length - 1 : 0, found, diags))
		return false;
	if (*found)
		*found = find_entry(trees->level[trees->depth - 1].object, name,
			strlen(name), entry);
	entry->name = name;
	return true;
}

bool revision_open_tree(struct revision *revision, const char *path,
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
	if (!walk(revision, folder, strlen(folder), &found, diags))
		return false;
	if (!found)
		return true;
	tree = trees->level[trees->depth - 1].object;
	*bytes = git_odb_object_data(tree);
	*length = git_odb_object_size(tree);
	return true;
}

static int compare_entries(const void *a, const void *b)
{
	const struct revision_entry *x = a;
	const struct revision_entry *y = b;

	return strcmp(x->name, y->name);
}

/* Git sorts a folder as if its name ended in a slash; we don't. */
static void sort_entries(struct revision_entry *list, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (strcmp(list[i - 1].name, list[i].name) > 0) {
			qsort(list, count, sizeof(*list), compare_entries);
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
	for (const char *at = copy; revision_tree_next(&at, end, &entry);)
		++*count;
	*entries = arena_alloc(arena, (*count + 1) * sizeof(**entries));
	*count = 0;
	for (const char *at = copy;
		revision_tree_next(&at, end, &(*entries)[*count]);)
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
	if (!revision_open_tree(revision, folder, entry, &object, diags))
		return false;
	copy_entries(git_odb_object_data(object), git_odb_object_size(object),
		arena, entries, count);
	git_odb_object_free(object);
	return true;
}

bool revision_read_blob(struct revision *revision, const char *path,
	const struct revision_entry *entry, struct arena *arena,
	const struct source **source, struct diags *diags)
{
	git_odb_object *object = NULL;
	size_t length;
	char *bytes;

	if (entry->kind == ENTRY_FOLDER)
		return revision_not_a_file(revision, path, "a folder", diags);
	if (entry->kind == ENTRY_OTHER)
		return revision_not_a_file(revision, path,
			"a symbolic link or a submodule", diags);
	if (!read_object(revision, path, entry->blob_id, GIT_OBJECT_BLOB,
		    YAML_MAX_BYTES, &object, diags))
		return false;
	length = git_odb_object_size(object);
	*source = revision_new_source(revision, path, arena, length, &bytes);
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
	return !found ||
	       revision_read_blob(revision, path, entry, arena, source, diags);
}

const struct revision_source revision_commit_source = {
	.lookup = lookup_commit,
	.list = list_commit,
	.read = read_commit,
	.close = close_commit,
};
