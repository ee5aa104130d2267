#include "catalog/history.h"

#include "catalog/commit_queue.h"
#include "catalog/earlier.h"
#include "catalog/lost.h"
#include "catalog/place.h"
#include "catalog/revision_source.h"
#include "schema/yaml.h"

#include <stdlib.h>
#include <string.h>

struct walk {
	struct revision *revision;
	git_repository *repository;
	history_found *found;
	void *data;
	struct commit_queue queue;
	bool cut, stopped;
};

/* What a commit made of the definition, as one of its parents shows. */
struct change {
	bool known; /* the parent is there */
	bool same;
	enum difference difference; /* when it is not the same */
	git_oid before, now;
	const char *old_path, *path; /* NULL when added, removed */
	char *earlier;               /* its own old path, where it has one */
};

static void change_release(struct change *change)
{
	free(change->earlier);
}

/* libgit2 says the same number of a path that is not in a tree. */
static bool is_lost(int code)
{
	const git_error *error = git_error_last();

	return code && !(code == GIT_ENOTFOUND && error &&
			       error->klass == GIT_ERROR_TREE);
}

/* What lies at a path; all zero when nothing does. */
static bool blob_at(const struct walk *walk, git_commit *commit,
	const char *path, git_oid *id, struct diags *diags)
{
	git_tree *tree = NULL;
	git_tree_entry *entry = NULL;
	int code = git_commit_tree(&tree, commit);

	memset(id, 0, sizeof(*id));
	if (!code)
		code = git_tree_entry_bypath(&entry, tree, path);
	if (!code && git_tree_entry_type(entry) == GIT_OBJECT_BLOB)
		git_oid_cpy(id, git_tree_entry_id(entry));
	git_tree_entry_free(entry);
	git_tree_free(tree);
	return !is_lost(code) ||
	       lost_object(walk->revision, path, NULL, code, diags);
}

/* A document as it was; its tree is NULL where it cannot be parsed. */
static bool document_at(const struct walk *walk, const char *path,
	const git_oid *id, struct arena *arena, struct document *document,
	struct diags *diags)
{
	AUTO(diags) ignored = DIAGS_INIT;
	struct source *source = arena_alloc(arena, sizeof(*source));
	git_blob *blob = NULL;
	struct place place;
	int code = git_blob_lookup(&blob, walk->repository, id);

	*document = (struct document){.path = path};
	if (code)
		return lost_object(walk->revision, path, id->id, code, diags);
	if (place_of(&place, path)) {
		document->kind = place.kind;
		document->id = arena_strndup(arena, place.id, place.id_length);
		if (place.domain)
			document->domain = arena_strndup(
				arena, place.domain, place.domain_length);
	}
	source->path = path;
	source->length = (size_t)git_blob_rawsize(blob);
	if (source->length <= YAML_MAX_BYTES) {
		source->bytes = arena_strndup(
			arena, git_blob_rawcontent(blob), source->length);
		document->root = yaml_parse(arena, source, &ignored);
	}
	git_blob_free(blob);
	return true;
}

static bool tell(struct walk *walk, git_commit *commit,
	const struct change *change, struct diags *diags)
{
	const git_signature *author = git_commit_author(commit);
	const char *summary = git_commit_summary(commit);
	AUTO(arena) arena = ARENA_INIT;
	char hex[GIT_OID_HEXSZ + 1];
	struct document old = {.root = NULL};
	struct document now = {.root = NULL};
	struct history_step step = {.commit = hex,
		.author = author->name,
		.email = author->email,
		.summary = summary ? summary : "",
		.time = author->when.time,
		.offset_minutes = author->when.offset,
		.difference = change->difference,
		.old_path = change->old_path,
		.path = change->path};
	json_auto_t *fields = NULL;

	git_oid_tostr(hex, sizeof(hex), git_commit_id(commit));
	if (step.old_path && !document_at(walk, step.old_path, &change->before,
				     &arena, &old, diags))
		return false;
	if (step.path && !document_at(walk, step.path, &change->now, &arena,
				 &now, diags))
		return false;
	fields = diff_fields(
		step.old_path ? &old : NULL, step.path ? &now : NULL);
	step.old_id = old.id;
	step.id = now.id;
	step.fields = fields;
	walk->stopped = !walk->found(&step, walk->data);
	return true;
}

/* It is not in the parent: has it been under another path? */
static bool look_earlier(struct change *change, const struct walk *walk,
	git_commit *parent, const struct pending *at, struct diags *diags)
{
	int code = earlier_path(&change->earlier, walk->repository, parent,
		at->commit, at->path);

	if (code)
		return lost_object(walk->revision, at->path, NULL, code, diags);
	change->old_path = change->earlier;
	change->difference = change->earlier ? DIFFERENCE_RENAMED
					     : DIFFERENCE_ADDED;
	return !change->earlier ||
	       blob_at(walk, parent, change->earlier, &change->before, diags);
}

/* `now` of the change is known. */
static bool compare(struct change *change, const struct walk *walk,
	git_commit *parent, const struct pending *at, struct diags *diags)
{
	if (!blob_at(walk, parent, at->path, &change->before, diags))
		return false;
	change->known = true;
	change->same = git_oid_equal(&change->before, &change->now);
	change->difference = DIFFERENCE_CHANGED;
	change->old_path = at->path;
	change->path = at->path;
	if (change->same)
		return true;
	if (git_oid_is_zero(&change->now)) {
		change->difference = DIFFERENCE_REMOVED;
		change->path = NULL;
		return true;
	}
	return !git_oid_is_zero(&change->before) ||
	       look_earlier(change, walk, parent, at, diags);
}

/* A shallow clone ends where a parent is missing. */
static bool no_parent(struct walk *walk, const struct pending *at,
	unsigned number, int code, struct diags *diags)
{
	const git_oid *id = git_commit_parent_id(at->commit, number);

	if (code == GIT_ENOTFOUND &&
		git_repository_is_shallow(walk->repository) == 1) {
		walk->cut = true;
		return true;
	}
	return lost_object(walk->revision, at->path, id->id, code, diags);
}

/* Compare with a parent, which is looked at next. */
static bool follow_parent(struct walk *walk, const struct pending *at,
	unsigned number, struct change *change, struct diags *diags)
{
	git_commit *parent = NULL;
	int code = git_commit_parent(&parent, at->commit, number);

	if (code)
		return no_parent(walk, at, number, code, diags);
	if (!compare(change, walk, parent, at, diags)) {
		git_commit_free(parent);
		return false;
	}
	commit_queue_push(&walk->queue, parent,
		change->earlier ? change->earlier : at->path);
	return true;
}

/* A merge that differs from every parent is told against its first. */
static bool look_at(
	struct walk *walk, const struct pending *at, struct diags *diags)
{
	unsigned parents = git_commit_parentcount(at->commit);
	size_t followed = walk->queue.count;
	AUTO(change) first = {.difference = DIFFERENCE_ADDED, .path = at->path};

	if (!blob_at(walk, at->commit, at->path, &first.now, diags))
		return false;
	first.known = !parents && !git_oid_is_zero(&first.now);
	for (unsigned i = 0; i < parents; i++) {
		AUTO(change) change = {.now = first.now};

		if (!follow_parent(walk, at, i, &change, diags))
			return false;
		if (change.same) {
			/* Only the parent that it was taken from counts. */
			commit_queue_keep_last(&walk->queue, followed);
			return true;
		}
		if (i)
			continue;
		first = change;
		change.earlier = NULL;
	}
	return !first.known || tell(walk, at->commit, &first, diags);
}

/* Told against the first parent that had it; they all are followed. */
static bool look_at_removal(
	struct walk *walk, const struct pending *at, struct diags *diags)
{
	bool told = false;

	for (unsigned i = 0; i < git_commit_parentcount(at->commit); i++) {
		struct change change = {.known = false};
		git_commit *parent = NULL;

		if (git_commit_parent(&parent, at->commit, i))
			continue;
		if (!compare(&change, walk, parent, at, diags)) {
			git_commit_free(parent);
			return false;
		}
		if (change.same) {
			git_commit_free(parent);
			continue;
		}
		commit_queue_push(&walk->queue, parent, at->path);
		if (!told && !tell(walk, at->commit, &change, diags))
			return false;
		told = true;
	}
	return true;
}

static bool run(struct walk *walk, struct diags *diags)
{
	struct pending at;
	bool good = true;

	while (good && !walk->stopped && commit_queue_pop(&walk->queue, &at)) {
		good = look_at(walk, &at, diags);
		pending_release(&at);
	}
	commit_queue_release(&walk->queue);
	return good;
}

static git_commit *commit_of(
	const struct revision *revision, const char *hex, struct diags *diags)
{
	git_commit *commit = NULL;
	git_oid id;

	if (revision->kind != REVISION_COMMIT || git_oid_fromstr(&id, hex) ||
		git_commit_lookup(&commit, revision->repository, &id))
		diag_error(diags, NULL, RULE_GIT_REVISION,
			"'%s' is no commit: a log starts at one",
			revision->name);
	return commit;
}

bool history_walk(const struct catalog *catalog,
	const struct document *document, history_found *found, void *data,
	bool *cut, struct diags *diags)
{
	struct revision *revision = catalog->revision;
	struct walk walk = {.revision = revision,
		.repository = revision->repository,
		.found = found,
		.data = data,
		.queue = COMMIT_QUEUE_INIT};
	git_commit *commit = commit_of(revision, revision->id, diags);
	AUTO(text) path = TEXT_INIT;
	bool good;

	if (!commit)
		return false;
	text_format(&path, "%s%s", revision_prefix(revision), document->path);
	commit_queue_push(&walk.queue, commit, path.data);
	good = run(&walk, diags);
	*cut = walk.cut;
	return good;
}

bool history_walk_gone(const struct catalog *catalog, const struct gone *gone,
	history_found *found, void *data, bool *cut, struct diags *diags)
{
	struct walk walk = {.revision = catalog->revision,
		.repository = catalog->revision->repository,
		.found = found,
		.data = data,
		.queue = COMMIT_QUEUE_INIT};
	const struct pending removal = {
		.commit = commit_of(catalog->revision, gone->commit, diags),
		.path = gone->path};
	bool good;

	if (!removal.commit)
		return false;
	good = look_at_removal(&walk, &removal, diags) && run(&walk, diags);
	git_commit_free(removal.commit);
	commit_queue_release(&walk.queue);
	*cut = walk.cut;
	return good;
}
