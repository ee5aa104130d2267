#include "catalog/history/follow_rename.h"

#include "catalog/document/document_path.h"
#include "catalog/git/missing_object.h"
#include "catalog/git/revision.h"
#include "catalog/history/similarity.h"
#include "schema/yaml/parse.h"

#include <string.h>

/* Of a domain's or catalog's new documents so many are looked for. */
enum { MAX_DOCUMENTS = 50 };

/* What a commit changed; NULL with an error's number. */
static git_diff *difference(git_repository *repository, git_commit *parent,
	git_commit *commit, int *code)
{
	git_diff_options options;
	git_tree *before = NULL;
	git_tree *after = NULL;
	git_diff *diff = NULL;

	git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	*code = git_commit_tree(&before, parent);
	if (!*code)
		*code = git_commit_tree(&after, commit);
	if (!*code)
		*code = git_diff_tree_to_tree(
			&diff, repository, before, after, &options);
	git_tree_free(before);
	git_tree_free(after);
	return diff;
}

/* The place of the n-th difference, if it is of this status. */
static bool place_at(struct document_path *place, const char **path,
	const git_diff *diff, size_t n, git_delta_t status)
{
	const git_diff_delta *delta = git_diff_get_delta(diff, n);

	if (delta->status != status)
		return false;
	*path = status == GIT_DELTA_ADDED ? delta->new_file.path
					  : delta->old_file.path;
	return document_path_parse(place, *path);
}

/*
 * The path that was taken away with this kind and id, in the same catalog
 * rather than in another one of this repository; NULL when there is none.
 */
static const char *taken_away(struct document_path *place, const git_diff *diff,
	enum document_kind kind, const char *id, size_t length,
	const struct document_path *of)
{
	const char *found = NULL;
	struct document_path here;
	const char *path;

	for (size_t i = 0; i < git_diff_num_deltas(diff); i++) {
		bool same_root;

		if (!place_at(&here, &path, diff, i, GIT_DELTA_DELETED) ||
			!document_path_has_id(&here, kind, id, length))
			continue;
		same_root = document_path_has_root(
			&here, of->root, of->root_length);
		if (found && !same_root)
			continue;
		*place = here;
		found = path;
		if (same_root)
			break;
	}
	return found;
}

/* The domain.yaml of the domain that this one's documents were in. */
static const char *taken_with_documents(
	const git_diff *diff, const struct document_path *domain)
{
	size_t looked = 0;

	for (size_t i = 0;
		i < git_diff_num_deltas(diff) && looked < MAX_DOCUMENTS; i++) {
		struct document_path document;
		struct document_path old;
		const char *path;

		if (!place_at(&document, &path, diff, i, GIT_DELTA_ADDED) ||
			(document.kind != DOCUMENT_TARGET &&
				document.kind != DOCUMENT_BRIDGE) ||
			!document_path_has_root(
				&document, domain->root, domain->root_length) ||
			document.domain_length != domain->id_length ||
			memcmp(document.domain, domain->id, domain->id_length))
			continue;
		looked++;
		if (!taken_away(&old, diff, document.kind, document.id,
			    document.id_length, domain))
			continue;
		path = taken_away(&old, diff, DOCUMENT_DOMAIN, old.domain,
			old.domain_length, domain);
		if (path)
			return path;
	}
	return NULL;
}

/* The documents of one kind that a commit took away and those it added. */
struct sides {
	struct similar_list old, now;
};

#define SIDES_INIT                                                             \
	{                                                                      \
		.old = SIMILAR_LIST_INIT, .now = SIMILAR_LIST_INIT             \
	}

static void release_bytes(struct similar_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		git_blob_free(list->list[i].data);
	similar_list_release(list);
}

static void sides_release(struct sides *sides)
{
	release_bytes(&sides->old);
	release_bytes(&sides->now);
}

static void collect(struct similar_list *list, const git_diff *diff,
	git_delta_t status, const struct document_path *of, bool anywhere)
{
	for (size_t i = 0; i < git_diff_num_deltas(diff); i++) {
		const git_diff_delta *delta = git_diff_get_delta(diff, i);
		const git_diff_file *file = status == GIT_DELTA_ADDED
						    ? &delta->new_file
						    : &delta->old_file;
		struct similar *similar;
		struct document_path place;
		const char *path;

		if (!place_at(&place, &path, diff, i, status) ||
			place.kind != of->kind ||
			(!anywhere && !document_path_has_root(&place, of->root,
					      of->root_length)) ||
			(file->mode & 0170000) != 0100000)
			continue;
		similar = similar_add(list);
		similar->path = path;
		similar->id = place.id;
		similar->id_length = place.id_length;
		memcpy(similar->blob_id, file->id.id, sizeof(file->id.id));
	}
}

/* What cannot be read may be the older one: it is no "not alike". */
static bool fetch(struct similar_list *list, struct revision *revision,
	struct diags *diags)
{
	for (size_t i = 0; i < list->count; i++) {
		struct similar *similar = &list->list[i];
		git_blob *blob = NULL;
		git_oid id;
		int code;

		if (similar->other)
			continue;
		git_oid_fromraw(&id, similar->blob_id);
		code = git_blob_lookup(
			&blob, revision_repository(revision), &id);
		if (code)
			return missing_object_report(revision, similar->path,
				similar->blob_id, code, diags);
		if (git_blob_rawsize(blob) > YAML_MAX_BYTES) {
			git_blob_free(blob);
			continue;
		}
		similar->data = blob;
		similar->bytes = git_blob_rawcontent(blob);
		similar->length = (size_t)git_blob_rawsize(blob);
	}
	return true;
}

static const struct similar *find_path(
	const struct similar_list *list, const char *path)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->list[i].path, path))
			return &list->list[i];
	return NULL;
}

/*
 * The same that diff_catalogs() finds. Documents are read only when the blobs'
 * ids do not tell.
 */
static bool find_renamed(const char **old, struct revision *revision,
	const git_diff *diff, const char *path, bool anywhere,
	struct diags *diags)
{
	AUTO(sides) sides = SIDES_INIT;
	const struct similar *now;
	struct document_path place;

	*old = NULL;
	if (!document_path_parse(&place, path))
		return true;
	collect(&sides.old, diff, GIT_DELTA_DELETED, &place, anywhere);
	collect(&sides.now, diff, GIT_DELTA_ADDED, &place, anywhere);
	now = find_path(&sides.now, path);
	similarity_pair_same(&sides.old, &sides.now);
	similarity_pair_equal(&sides.old, &sides.now);
	if (!now || !sides.old.count)
		return true;
	if (!now->other && !similarity_has_too_many(&sides.old, &sides.now)) {
		if (!fetch(&sides.old, revision, diags) ||
			!fetch(&sides.now, revision, diags))
			return false;
		similarity_pair_alike(&sides.old, &sides.now);
	}
	if (now->other)
		*old = now->other->path;
	return true;
}

bool follow_rename_path(char **earlier, struct revision *revision,
	git_commit *parent, git_commit *commit, const char *path,
	struct diags *diags)
{
	int code;
	git_diff *diff = difference(
		revision_repository(revision), parent, commit, &code);
	const char *old = NULL;
	struct document_path place;
	struct document_path ignored;
	bool good = true;

	*earlier = NULL;
	if (!diff)
		return missing_object_report(revision, path, NULL, code, diags);
	if (document_path_parse(&place, path)) {
		old = taken_away(&ignored, diff, place.kind, place.id,
			place.id_length, &place);
		if (!old && place.kind == DOCUMENT_DOMAIN)
			old = taken_with_documents(diff, &place);
		/* One that moves may rename something on the way. */
		for (int anywhere = 0; good && !old && anywhere < 2; anywhere++)
			good = find_renamed(
				&old, revision, diff, path, anywhere, diags);
	}
	if (old)
		*earlier = own_strdup(old);
	git_diff_free(diff);
	return good;
}

static char *old_root(const git_diff *diff, const char *root)
{
	size_t looked = 0;

	for (size_t i = 0;
		i < git_diff_num_deltas(diff) && looked < MAX_DOCUMENTS; i++) {
		struct document_path now;
		struct document_path old;
		const char *path;

		if (!place_at(&now, &path, diff, i, GIT_DELTA_ADDED) ||
			!document_path_has_root(&now, root, strlen(root)))
			continue;
		looked++;
		if (taken_away(&old, diff, now.kind, now.id, now.id_length,
			    &now) &&
			!document_path_has_root(&old, root, strlen(root)))
			return own_strndup(old.root, old.root_length);
	}
	return NULL;
}

bool follow_rename_root(char **earlier, struct revision *revision,
	git_commit *parent, git_commit *commit, const char *root,
	struct diags *diags)
{
	int code;
	git_diff *diff = difference(
		revision_repository(revision), parent, commit, &code);

	*earlier = NULL;
	if (!diff)
		return missing_object_report(
			revision, *root ? root : ".", NULL, code, diags);
	*earlier = old_root(diff, root);
	git_diff_free(diff);
	return true;
}
