#include "catalog/history/log.h"

#include "catalog/document/document_path.h"
#include "catalog/git/missing_object.h"
#include "catalog/git/revision.h"
#include "catalog/history/commit_queue.h"
#include "catalog/history/follow_rename.h"
#include "catalog/history/parents.h"
#include "schema/yaml/parse.h"

#include <stdlib.h>
#include <string.h>

struct walk {
	struct revision *revision;
	log_found *found;
	void *data;
	struct commit_queue queue;
	bool cut, stopped;
};

/* What a commit made of the definition, as one of its parents shows. */
struct change {
	bool known; /* the parent is there: no shallow clone ends here */
	bool same;
	enum difference difference; /* when it is not the same */
	git_oid parent;
	git_oid before, now;         /* blobs */
	const char *old_path, *path; /* NULL when added, removed */
	char *earlier;               /* its own old path, where it has one */
};

static void change_release(struct change *change)
{
	free(change->earlier);
}

/* What lies at a path; all zero when nothing does. */
static bool blob_at(const struct walk *walk, git_commit *commit,
	const char *path, git_oid *id, struct diags *diags)
{
	git_tree_entry *entry;

	memset(id, 0, sizeof(*id));
	if (!parents_entry(&entry, commit, walk->revision, path, diags))
		return false;
	if (entry && git_tree_entry_type(entry) == GIT_OBJECT_BLOB)
		git_oid_cpy(id, git_tree_entry_id(entry));
	git_tree_entry_free(entry);
	return true;
}

/* What its path says of it. */
static struct document document_of(const char *path, struct arena *arena)
{
	struct document document = {.path = path};
	struct document_path place;

	if (!document_path_parse(&place, path))
		return document;
	document.kind = place.kind;
	document.id = arena_strndup(arena, place.id, place.id_length);
	if (place.domain)
		document.domain = arena_strndup(
			arena, place.domain, place.domain_length);
	return document;
}

/* Where a document was, for what is said of it. */
struct moment {
	const char *path;  /* NULL: there was none */
	const git_oid *id; /* of the blob */
	const git_oid *commit;
};

static void parse_blob(struct document *document, const git_blob *blob,
	const struct moment *at, struct arena *arena, struct diags *unreadable)
{
	struct source *source = arena_alloc(arena, sizeof(*source));
	struct origin origin = {.source = source};
	char *hex = arena_alloc(arena, GIT_OID_HEXSZ + 1);

	git_oid_tostr(hex, GIT_OID_HEXSZ + 1, at->commit);
	*source = (struct source){.path = at->path,
		.revision = hex,
		.length = (size_t)git_blob_rawsize(blob)};
	if (source->length > YAML_MAX_BYTES) {
		diag_error(unreadable, &origin, RULE_LAYOUT_SIZE,
			"'%s' is larger than %d bytes", at->path,
			YAML_MAX_BYTES);
		return;
	}
	source->bytes = arena_strndup(
		arena, git_blob_rawcontent(blob), source->length);
	document->root = yaml_parse(arena, source, unreadable);
	if (document->root && !diff_can_read(document))
		diag_error(unreadable, &document->root->at, RULE_SCHEMA_TYPE,
			"the document is not a map");
}

/*
 * A document as it was, nothing without a path; `unreadable` says why it has
 * no fields.
 */
static bool document_at(const struct walk *walk, const struct moment *at,
	struct arena *arena, struct document *document,
	struct diags *unreadable, struct diags *diags)
{
	AUTO(diags) said = DIAGS_INIT;
	git_blob *blob = NULL;
	int code;

	*document = (struct document){.root = NULL};
	if (!at->path)
		return true;
	code = git_blob_lookup(
		&blob, revision_repository(walk->revision), at->id);
	if (code)
		return missing_object_report(
			walk->revision, at->path, at->id->id, code, diags);
	*document = document_of(at->path, arena);
	parse_blob(document, blob, at, arena, &said);
	git_blob_free(blob);
	/* Warnings do not matter where it could be read. */
	if (!diff_can_read(document))
		diags_move(unreadable, &said);
	return true;
}

static void give(struct walk *walk, git_commit *commit,
	const struct change *change, const struct document *old,
	const struct document *now, const struct diags *unreadable)
{
	const git_signature *author = git_commit_author(commit);
	const char *summary = git_commit_summary(commit);
	json_auto_t *fields = diff_fields(
		change->old_path ? old : NULL, change->path ? now : NULL);
	char hex[GIT_OID_HEXSZ + 1];
	struct log_step step = {.commit = hex,
		.author = author->name,
		.email = author->email,
		.summary = summary ? summary : "",
		.time = author->when.time,
		.offset_minutes = author->when.offset,
		.difference = change->difference,
		.old_id = old->id,
		.id = now->id,
		.old_path = change->old_path,
		.path = change->path,
		.fields = fields,
		.unreadable = unreadable};

	git_oid_tostr(hex, sizeof(hex), git_commit_id(commit));
	walk->stopped = !walk->found(&step, walk->data);
}

static bool tell(struct walk *walk, git_commit *commit,
	const struct change *change, struct diags *diags)
{
	const struct moment before = {
		change->old_path, &change->before, &change->parent};
	const struct moment after = {
		change->path, &change->now, git_commit_id(commit)};
	AUTO(arena) arena = ARENA_INIT;
	AUTO(diags) unreadable = DIAGS_INIT;
	struct document old;
	struct document now;

	if (!document_at(walk, &before, &arena, &old, &unreadable, diags) ||
		!document_at(walk, &after, &arena, &now, &unreadable, diags))
		return false;
	give(walk, commit, change, &old, &now, &unreadable);
	return true;
}

/* `now` of the change is known. */
static bool compare_parent(struct change *change, const struct walk *walk,
	git_commit *parent, const struct pending *at, struct diags *diags)
{
	if (!blob_at(walk, parent, at->path, &change->before, diags))
		return false;
	change->known = true;
	change->parent = *git_commit_id(parent);
	change->same = git_oid_equal(&change->before, &change->now);
	change->difference = DIFFERENCE_CHANGED;
	change->old_path = at->path;
	change->path = at->path;
	if (change->same)
		return true;
	if (git_oid_is_zero(&change->now)) {
		change->difference = DIFFERENCE_REMOVED;
		change->path = NULL;
	} else if (git_oid_is_zero(&change->before)) {
		if (!follow_rename_path(&change->earlier, walk->revision,
			    parent, at->commit, at->path, diags))
			return false;
		change->old_path = change->earlier;
		change->difference = change->earlier ? DIFFERENCE_RENAMED
						     : DIFFERENCE_ADDED;
	}
	return !change->earlier ||
	       blob_at(walk, parent, change->earlier, &change->before, diags);
}

/* Compare with a parent, which is looked at next. */
static bool follow_parent(struct walk *walk, const struct pending *at,
	unsigned number, struct change *change, struct diags *diags)
{
	git_commit *parent;

	if (!parents_open(&parent, at->commit, number, walk->revision, at->path,
		    &walk->cut, diags))
		return false;
	if (!parent)
		return true;
	if (!compare_parent(change, walk, parent, at, diags)) {
		git_commit_free(parent);
		return false;
	}
	commit_queue_push(&walk->queue, parent,
		change->earlier ? change->earlier : at->path);
	return true;
}

/* A merge that differs from every parent is told against its first. */
static bool look_at_commit(
	struct walk *walk, const struct pending *at, struct diags *diags)
{
	bool cut = false;
	unsigned parents = parents_count(at->commit, walk->revision, &cut);
	size_t followed = walk->queue.count;
	AUTO(change) first = {.difference = DIFFERENCE_ADDED, .path = at->path};

	if (!blob_at(walk, at->commit, at->path, &first.now, diags))
		return false;
	walk->cut = walk->cut || cut;
	first.known = !parents && !cut && !git_oid_is_zero(&first.now);
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
	unsigned parents = parents_count(
		at->commit, walk->revision, &walk->cut);
	bool told = false;

	for (unsigned i = 0; i < parents; i++) {
		struct change change = {.known = false};
		git_commit *parent;

		if (!parents_open(&parent, at->commit, i, walk->revision,
			    at->path, &walk->cut, diags))
			return false;
		if (!parent)
			continue;
		if (!compare_parent(&change, walk, parent, at, diags)) {
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
		good = look_at_commit(walk, &at, diags);
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

	if (revision_kind(revision) != REVISION_COMMIT ||
		git_oid_fromstr(&id, hex) ||
		git_commit_lookup(&commit, revision_repository(revision), &id))
		diag_error(diags, NULL, RULE_GIT_REVISION,
			"'%s' is no commit: a log starts at one",
			revision_name(revision));
	return commit;
}

bool log_walk(const struct catalog *catalog, const struct document *document,
	log_found *found, void *data, bool *cut, struct diags *diags)
{
	struct revision *revision = catalog->revision;
	struct walk walk = {.revision = revision,
		.found = found,
		.data = data,
		.queue = COMMIT_QUEUE_INIT};
	git_commit *commit = commit_of(revision, revision_id(revision), diags);
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

bool log_walk_removed(const struct catalog *catalog,
	const struct removal *removal, log_found *found, void *data, bool *cut,
	struct diags *diags)
{
	struct walk walk = {.revision = catalog->revision,
		.found = found,
		.data = data,
		.queue = COMMIT_QUEUE_INIT};
	const struct pending start = {
		.commit = commit_of(catalog->revision, removal->commit, diags),
		.path = removal->path};
	bool good;

	if (!start.commit)
		return false;
	good = look_at_removal(&walk, &start, diags) && run(&walk, diags);
	git_commit_free(start.commit);
	commit_queue_release(&walk.queue);
	*cut = walk.cut;
	return good;
}
