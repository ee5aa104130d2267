#include "catalog/earlier.h"

#include "catalog/lost.h"
#include "catalog/place.h"
#include "catalog/revision_source.h"

#include <string.h>

/* Of a new domain's documents so many are looked for in the older ones. */
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
static bool place_at(struct place *place, const char **path,
	const git_diff *diff, size_t n, git_delta_t status)
{
	const git_diff_delta *delta = git_diff_get_delta(diff, n);

	if (delta->status != status)
		return false;
	*path = status == GIT_DELTA_ADDED ? delta->new_file.path
					  : delta->old_file.path;
	return place_of(place, *path);
}

/*
 * The path that was taken away with this kind and id, in the same catalog
 * rather than in another one of this repository; NULL when there is none.
 */
static const char *taken_away(struct place *place, const git_diff *diff,
	enum document_kind kind, const char *id, size_t length,
	size_t root_length)
{
	const char *found = NULL;
	struct place here;
	const char *path;

	for (size_t i = 0; i < git_diff_num_deltas(diff); i++) {
		bool same_root;

		if (!place_at(&here, &path, diff, i, GIT_DELTA_DELETED) ||
			!place_has_id(&here, kind, id, length))
			continue;
		same_root = here.root_length == root_length;
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
	const git_diff *diff, const struct place *domain)
{
	size_t looked = 0;

	for (size_t i = 0;
		i < git_diff_num_deltas(diff) && looked < MAX_DOCUMENTS; i++) {
		struct place document;
		struct place old;
		const char *path;

		if (!place_at(&document, &path, diff, i, GIT_DELTA_ADDED) ||
			(document.kind != DOCUMENT_TARGET &&
				document.kind != DOCUMENT_BRIDGE) ||
			document.domain_length != domain->id_length ||
			memcmp(document.domain, domain->id, domain->id_length))
			continue;
		looked++;
		if (!taken_away(&old, diff, document.kind, document.id,
			    document.id_length, domain->root_length))
			continue;
		path = taken_away(&old, diff, DOCUMENT_DOMAIN, old.domain,
			old.domain_length, domain->root_length);
		if (path)
			return path;
	}
	return NULL;
}

/* The n-th difference, if it takes away a file that may be the older one. */
static const git_diff_file *candidate(
	const git_diff *diff, size_t n, enum document_kind kind)
{
	const git_diff_file *file = &git_diff_get_delta(diff, n)->old_file;
	struct place place;
	const char *path;

	if (!place_at(&place, &path, diff, n, GIT_DELTA_DELETED) ||
		place.kind != kind || file->mode == GIT_FILEMODE_COMMIT)
		return NULL;
	return file;
}

/* What has the same bytes need not be read to be found. */
static bool was_moved_whole(
	const git_diff *diff, enum document_kind kind, const git_oid *id)
{
	for (size_t i = 0; i < git_diff_num_deltas(diff); i++) {
		const git_diff_file *old = candidate(diff, i, kind);

		if (old && git_oid_equal(&old->id, id))
			return true;
	}
	return false;
}

/* libgit2 takes what it cannot read for something that is not alike. */
static bool can_be_compared(struct revision *revision, const git_diff *diff,
	enum document_kind kind, struct diags *diags)
{
	for (size_t i = 0; i < git_diff_num_deltas(diff); i++) {
		const git_diff_file *old = candidate(diff, i, kind);
		git_blob *blob = NULL;
		int code = 0;

		if (old)
			code = git_blob_lookup(
				&blob, revision->repository, &old->id);
		if (code)
			return lost_object(
				revision, old->path, old->id.id, code, diags);
		git_blob_free(blob);
	}
	return true;
}

static const git_oid *id_of(const git_diff *diff, const char *path)
{
	for (size_t i = 0; i < git_diff_num_deltas(diff); i++) {
		const git_diff_delta *delta = git_diff_get_delta(diff, i);

		if (!strcmp(delta->new_file.path, path))
			return &delta->new_file.id;
	}
	return NULL;
}

static const char *rename_of(
	const git_diff *diff, enum document_kind kind, const char *path)
{
	for (size_t i = 0; i < git_diff_num_deltas(diff); i++) {
		const git_diff_delta *delta = git_diff_get_delta(diff, i);
		struct place old;

		if (delta->status == GIT_DELTA_RENAMED &&
			!strcmp(delta->new_file.path, path) &&
			place_of(&old, delta->old_file.path) &&
			old.kind == kind)
			return delta->old_file.path;
	}
	return NULL;
}

/* Only now are documents read: the names did not tell. */
static bool find_renamed(const char **old, struct revision *revision,
	git_diff *diff, enum document_kind kind, const char *path,
	struct diags *diags)
{
	git_diff_find_options similar;
	const git_oid *id = id_of(diff, path);
	int code;

	if (!(id && was_moved_whole(diff, kind, id)) &&
		!can_be_compared(revision, diff, kind, diags))
		return false;
	git_diff_find_options_init(&similar, GIT_DIFF_FIND_OPTIONS_VERSION);
	similar.flags = GIT_DIFF_FIND_RENAMES;
	code = git_diff_find_similar(diff, &similar);
	if (code)
		return lost_object(revision, path, NULL, code, diags);
	*old = rename_of(diff, kind, path);
	return true;
}

bool earlier_path(char **earlier, struct revision *revision, git_commit *parent,
	git_commit *commit, const char *path, struct diags *diags)
{
	int code;
	git_diff *diff = difference(
		revision->repository, parent, commit, &code);
	const char *old = NULL;
	struct place place;
	struct place ignored;
	bool good = true;

	*earlier = NULL;
	if (!diff)
		return lost_object(revision, path, NULL, code, diags);
	if (place_of(&place, path)) {
		old = taken_away(&ignored, diff, place.kind, place.id,
			place.id_length, place.root_length);
		if (!old && place.kind == DOCUMENT_DOMAIN)
			old = taken_with_documents(diff, &place);
		if (!old)
			good = find_renamed(
				&old, revision, diff, place.kind, path, diags);
	}
	if (old)
		*earlier = own_strdup(old);
	git_diff_free(diff);
	return good;
}
