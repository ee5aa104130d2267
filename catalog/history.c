#include "catalog/history.h"

#include "catalog/lost.h"
#include "catalog/revision_source.h"
#include "schema/yaml.h"

#include <stdlib.h>
#include <string.h>

/* A commit still to be looked at, and the definition's path in it. */
struct pending {
	git_commit *commit;
	char *path; /* from the repository's root */
};

struct walk {
	git_repository *repository;
	struct revision *revision;
	enum document_kind kind;
	history_found *found;
	void *data;
	struct pending *list; /* few: one for each branch that is followed */
	size_t count, capacity;
	git_oid *seen; /* a hash table; all zero is free */
	size_t seen_count, seen_capacity;
	bool cut, stopped;
};

static size_t slot_of(const struct walk *walk, const git_oid *id)
{
	size_t slot;

	memcpy(&slot, id->id, sizeof(slot));
	slot &= walk->seen_capacity - 1;
	while (!git_oid_is_zero(&walk->seen[slot]) &&
		!git_oid_equal(&walk->seen[slot], id))
		slot = (slot + 1) & (walk->seen_capacity - 1);
	return slot;
}

static void grow_seen(struct walk *walk)
{
	struct walk old = *walk;

	walk->seen_capacity = old.seen_capacity ? old.seen_capacity * 2 : 256;
	walk->seen = own_alloc(walk->seen_capacity * sizeof(*walk->seen));
	for (size_t i = 0; i < old.seen_capacity; i++)
		if (!git_oid_is_zero(&old.seen[i]))
			walk->seen[slot_of(walk, &old.seen[i])] = old.seen[i];
	free(old.seen);
}

/* False when it was here before. */
static bool mark_seen(struct walk *walk, const git_oid *id)
{
	size_t slot;

	if (walk->seen_count * 2 >= walk->seen_capacity)
		grow_seen(walk);
	slot = slot_of(walk, id);
	if (!git_oid_is_zero(&walk->seen[slot]))
		return false;
	walk->seen[slot] = *id;
	walk->seen_count++;
	return true;
}

/* Takes the commit over. */
static void push(struct walk *walk, git_commit *commit, const char *path)
{
	if (walk->count == walk->capacity) {
		walk->capacity = walk->capacity ? walk->capacity * 2 : 8;
		walk->list = own_realloc(
			walk->list, walk->capacity, sizeof(*walk->list));
	}
	walk->list[walk->count++] = (struct pending){
		.commit = commit, .path = own_strdup(path)};
}

static void drop(struct pending *pending)
{
	git_commit_free(pending->commit);
	free(pending->path);
}

/* Of what was pushed from `first` on only the last. */
static void keep_last(struct walk *walk, size_t first)
{
	struct pending last = walk->list[--walk->count];

	while (walk->count > first)
		drop(&walk->list[--walk->count]);
	walk->list[walk->count++] = last;
}

static struct pending pop_newest(struct walk *walk)
{
	size_t newest = 0;
	struct pending pending;

	for (size_t i = 1; i < walk->count; i++)
		if (git_commit_time(walk->list[i].commit) >
			git_commit_time(walk->list[newest].commit))
			newest = i;
	pending = walk->list[newest];
	walk->list[newest] = walk->list[--walk->count];
	return pending;
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

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* A renamed file that is still a definition of the same kind. */
static bool same_place(
	enum document_kind kind, const char *old, const char *now)
{
	const char *a = base_of(old);
	const char *b = base_of(now);

	if (kind == DOCUMENT_DOMAIN)
		return !strncmp(a, "domain.y", 8);
	while (a > old && b > now && a[-1] == b[-1]) {
		a--;
		b--;
		if (*a == '/' && a < base_of(old) - 1)
			return true;
	}
	return a == old && b == now;
}

/* What a commit changed, with renames paired; NULL after an error. */
static git_diff *changes(const struct walk *walk, git_commit *parent,
	git_commit *commit, int *code)
{
	git_diff_options options;
	git_diff_find_options similar;
	git_tree *before = NULL;
	git_tree *after = NULL;
	git_diff *diff = NULL;

	git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	git_diff_find_options_init(&similar, GIT_DIFF_FIND_OPTIONS_VERSION);
	similar.flags = GIT_DIFF_FIND_RENAMES;
	*code = git_commit_tree(&before, parent);
	if (!*code)
		*code = git_commit_tree(&after, commit);
	if (!*code)
		*code = git_diff_tree_to_tree(
			&diff, walk->repository, before, after, &options);
	if (!*code)
		*code = git_diff_find_similar(diff, &similar);
	git_tree_free(before);
	git_tree_free(after);
	if (!*code)
		return diff;
	git_diff_free(diff);
	return NULL;
}

/* *old is the path that `path` had in the parent; malloc'd, or NULL. */
static bool find_old_path(const struct walk *walk, git_commit *parent,
	git_commit *commit, const char *path, char **old, struct diags *diags)
{
	int code;
	git_diff *diff = changes(walk, parent, commit, &code);

	if (!diff)
		return lost_object(walk->revision, path, NULL, code, diags);
	for (size_t i = 0; !*old && i < git_diff_num_deltas(diff); i++) {
		const git_diff_delta *delta = git_diff_get_delta(diff, i);

		if (delta->status == GIT_DELTA_RENAMED &&
			!strcmp(delta->new_file.path, path) &&
			same_place(walk->kind, delta->old_file.path, path))
			*old = own_strdup(delta->old_file.path);
	}
	git_diff_free(diff);
	return true;
}

/* "domains/edge/bridges/hub.yaml": the id is "hub"; of a domain, "edge". */
static char *id_of(enum document_kind kind, const char *path)
{
	const char *base = base_of(path);
	const char *dot;

	if (kind == DOCUMENT_DOMAIN && base > path) {
		const char *end = base - 1;

		for (base = end; base > path && base[-1] != '/';)
			base--;
		return own_strndup(base, (size_t)(end - base));
	}
	dot = strrchr(base, '.');
	return own_strndup(base, dot ? (size_t)(dot - base) : strlen(base));
}

static char *domain_of(const struct walk *walk, const char *path)
{
	const char *at = path + strlen(revision_prefix(walk->revision));

	if (strncmp(at, "domains/", 8))
		return own_strdup("");
	return own_strndup(at + 8, strcspn(at + 8, "/"));
}

/* A document as it was; its tree is NULL where it cannot be parsed. */
static bool document_at(const struct walk *walk, const char *path,
	const git_oid *id, struct arena *arena, struct document *document,
	struct diags *diags)
{
	AUTO_FREE char *domain = domain_of(walk, path);
	AUTO(diags) ignored = DIAGS_INIT;
	struct source *source = arena_alloc(arena, sizeof(*source));
	git_blob *blob = NULL;
	int code = git_blob_lookup(&blob, walk->repository, id);

	*document = (struct document){
		.kind = walk->kind, .domain = arena_strdup(arena, domain)};
	if (code)
		return lost_object(walk->revision, path, id->id, code, diags);
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

static void give(struct walk *walk, git_commit *commit,
	struct history_step *step, const json_t *fields)
{
	const git_signature *author = git_commit_author(commit);
	const char *summary = git_commit_summary(commit);
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof(hex), git_commit_id(commit));
	step->commit = hex;
	step->author = author->name;
	step->email = author->email;
	step->summary = summary ? summary : "";
	step->time = author->when.time;
	step->offset_minutes = author->when.offset;
	step->fields = fields;
	walk->stopped = !walk->found(step, walk->data);
}

static bool tell(struct walk *walk, git_commit *commit,
	struct history_step *step, const git_oid *before, const git_oid *after,
	struct diags *diags)
{
	AUTO(arena) arena = ARENA_INIT;
	AUTO_FREE char *old_id = NULL;
	AUTO_FREE char *id = NULL;
	struct document old = {.root = NULL};
	struct document now = {.root = NULL};
	json_auto_t *fields = NULL;

	if (step->old_path) {
		if (!document_at(
			    walk, step->old_path, before, &arena, &old, diags))
			return false;
		step->old_id = old_id = id_of(walk->kind, step->old_path);
	}
	if (step->path) {
		if (!document_at(walk, step->path, after, &arena, &now, diags))
			return false;
		step->id = id = id_of(walk->kind, step->path);
	}
	fields = diff_fields(
		step->old_path ? &old : NULL, step->path ? &now : NULL);
	give(walk, commit, step, fields);
	return true;
}

/* What the commit did to the definition that lies at at->path in it. */
static bool compare(const struct walk *walk, const struct pending *at,
	git_commit *parent, const git_oid *now, git_oid *before,
	struct history_step *step, char **old_path, struct diags *diags)
{
	if (git_oid_is_zero(now)) {
		step->difference = DIFFERENCE_REMOVED;
		step->path = NULL;
		return true;
	}
	if (!git_oid_is_zero(before))
		return true;
	step->difference = DIFFERENCE_ADDED;
	step->old_path = NULL;
	if (!find_old_path(walk, parent, at->commit, at->path, old_path, diags))
		return false;
	if (!*old_path)
		return true;
	step->difference = DIFFERENCE_RENAMED;
	step->old_path = *old_path;
	return blob_at(walk, parent, *old_path, before, diags);
}

/* A shallow clone ends where a parent is missing. */
static bool no_parent(struct walk *walk, const struct pending *at,
	unsigned number, int code, struct diags *diags)
{
	const git_oid *id = git_commit_parent_id(at->commit, number);

	walk->cut = code == GIT_ENOTFOUND &&
		    git_repository_is_shallow(walk->repository) == 1;
	return walk->cut ||
	       lost_object(walk->revision, at->path, id->id, code, diags);
}

static bool follow_parent(struct walk *walk, const struct pending *at,
	const git_oid *now, unsigned number, bool *same, struct diags *diags)
{
	git_commit *parent = NULL;
	git_oid before;
	struct history_step step = {.difference = DIFFERENCE_CHANGED,
		.path = at->path,
		.old_path = at->path};
	AUTO_FREE char *old_path = NULL;
	int code = git_commit_parent(&parent, at->commit, number);
	bool good;

	if (code)
		return no_parent(walk, at, number, code, diags);
	good = blob_at(walk, parent, at->path, &before, diags);
	*same = good && git_oid_equal(&before, now);
	if (good && !*same)
		good = compare(walk, at, parent, now, &before, &step, &old_path,
			diags);
	if (good && !*same && git_commit_parentcount(at->commit) == 1)
		good = tell(walk, at->commit, &step, &before, now, diags);
	if (good)
		push(walk, parent, old_path ? old_path : at->path);
	else
		git_commit_free(parent);
	return good;
}

/* A merge that differs from every parent is told against its first. */
static bool tell_merge(struct walk *walk, const struct pending *at,
	const git_oid *now, struct diags *diags)
{
	struct history_step step = {.difference = DIFFERENCE_CHANGED,
		.path = at->path,
		.old_path = at->path};
	git_commit *parent = NULL;
	git_oid before;
	bool good;

	if (git_commit_parent(&parent, at->commit, 0))
		return true;
	good = blob_at(walk, parent, at->path, &before, diags);
	git_commit_free(parent);
	if (!good)
		return false;
	if (git_oid_is_zero(now))
		step.path = NULL;
	if (git_oid_is_zero(&before))
		step.old_path = NULL;
	step.difference = !step.path       ? DIFFERENCE_REMOVED
			  : !step.old_path ? DIFFERENCE_ADDED
					   : DIFFERENCE_CHANGED;
	return tell(walk, at->commit, &step, &before, now, diags);
}

static bool look_at(
	struct walk *walk, const struct pending *at, struct diags *diags)
{
	unsigned parents = git_commit_parentcount(at->commit);
	size_t followed = walk->count;
	git_oid now;

	if (!blob_at(walk, at->commit, at->path, &now, diags))
		return false;
	if (!parents && !git_oid_is_zero(&now)) {
		struct history_step step = {
			.difference = DIFFERENCE_ADDED, .path = at->path};

		return tell(walk, at->commit, &step, &now, &now, diags);
	}
	for (unsigned i = 0; i < parents; i++) {
		bool same = false;

		if (!follow_parent(walk, at, &now, i, &same, diags))
			return false;
		if (!same)
			continue;
		/* Only the parent that it was taken from counts. */
		keep_last(walk, followed);
		return true;
	}
	return parents < 2 || tell_merge(walk, at, &now, diags);
}

bool history_walk(const struct catalog *catalog,
	const struct document *document, history_found *found, void *data,
	bool *cut, struct diags *diags)
{
	struct revision *revision = catalog->revision;
	struct walk walk = {.repository = revision->repository,
		.revision = revision,
		.kind = document->kind,
		.found = found,
		.data = data};
	AUTO(text) path = TEXT_INIT;
	git_commit *commit = NULL;
	git_oid id;
	bool good = true;

	if (revision->kind != REVISION_COMMIT ||
		git_oid_fromstr(&id, revision->id) ||
		git_commit_lookup(&commit, revision->repository, &id))
		return diag_error(diags, NULL, RULE_GIT_REVISION,
			"'%s' is no commit: a log starts at one",
			revision->name);
	text_format(&path, "%s%s", revision_prefix(revision), document->path);
	push(&walk, commit, path.data);
	while (good && walk.count && !walk.stopped) {
		struct pending at = pop_newest(&walk);

		if (mark_seen(&walk, git_commit_id(at.commit)))
			good = look_at(&walk, &at, diags);
		drop(&at);
	}
	while (walk.count)
		drop(&walk.list[--walk.count]);
	free(walk.list);
	free(walk.seen);
	*cut = walk.cut;
	return good;
}
