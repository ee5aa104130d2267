#include "catalog/history/removal.h"

#include "catalog/document/document_path.h"
#include "catalog/git/missing_object.h"
#include "catalog/git/revision.h"
#include "catalog/history/commit_queue.h"
#include "catalog/history/follow_rename.h"
#include "catalog/history/parents.h"
#include "catalog/store/document_table.h"
#include "schema/bridge/bridge.h"

#include <stdlib.h>
#include <string.h>

struct search {
	struct revision *revision;
	const char *root; /* of the catalog, where it is looked for: "ops/" */
	const char *id;
	const char *domain; /* or NULL: any */
	struct commit_queue queue;
	struct oid_set without;  /* trees that are known not to have it */
	struct oid_set rootless; /* of those, roots without domains/ */
	struct removal *removal;
	struct diags *diags;
	bool lost; /* something could not be read: it is over */
};

/* What a tree has of the id. */
struct hit {
	enum document_kind kind;
	struct text path;
	bool found;
};

#define HIT_INIT                                                               \
	{                                                                      \
		.path = TEXT_INIT                                              \
	}

static void hit_release(struct hit *hit)
{
	text_release(&hit->path);
}

void removal_release(struct removal *removal)
{
	free(removal->path);
}

/* In this order the kinds come first. */
static bool is_before(enum document_kind a, enum document_kind b)
{
	static const unsigned char rank[DOCUMENT_KINDS] = {
		[DOCUMENT_BRIDGE] = 0,
		[DOCUMENT_TARGET] = 1,
		[DOCUMENT_ACTOR] = 2,
		[DOCUMENT_DOMAIN] = 3,
	};

	return rank[a] < rank[b];
}

static void lose(
	struct search *search, const char *path, const git_oid *id, int code)
{
	search->lost = true;
	missing_object_report(
		search->revision, path, id->id, code, search->diags);
}

/* `folder` is what the entry lies in, from the catalog's root on. */
static void lose_entry(struct search *search, const char *folder,
	const git_tree_entry *entry, int code)
{
	AUTO(text) path = TEXT_INIT;

	text_format(&path, "%s%s%s", search->root, folder,
		git_tree_entry_name(entry));
	lose(search, path.data, git_tree_entry_id(entry), code);
}

/* What the entry is of; NULL when it is no folder, or is lost. */
static git_tree *open_tree(
	struct search *search, const char *folder, const git_tree_entry *entry)
{
	git_tree *tree = NULL;
	int code;

	if (search->lost || !entry ||
		git_tree_entry_type(entry) != GIT_OBJECT_TREE)
		return NULL;
	code = git_tree_lookup(&tree, revision_repository(search->revision),
		git_tree_entry_id(entry));
	if (!code)
		return tree;
	lose_entry(search, folder, entry, code);
	return NULL;
}

/* The same, also NULL when it is known to have nothing. */
static git_tree *open_new(
	struct search *search, const char *folder, const git_tree_entry *entry)
{
	if (entry && oid_set_has(&search->without, git_tree_entry_id(entry)))
		return NULL;
	return open_tree(search, folder, entry);
}

static void close_tree(
	struct search *search, git_tree *tree, const struct hit *hit)
{
	if (!hit->found)
		oid_set_add(&search->without, git_tree_id(tree));
	git_tree_free(tree);
}

/* "<name>.yaml" or "<name>.yml" in the tree of a folder. */
static void look_for_file(struct search *search, const git_tree *tree,
	const char *folder, const char *name, enum document_kind kind,
	struct hit *hit)
{
	if (hit->found && !is_before(kind, hit->kind))
		return;
	for (size_t i = 0; i < DOCUMENT_PATH_ENDINGS; i++) {
		AUTO(text) file = TEXT_INIT;
		const git_tree_entry *entry;

		text_format(&file, "%s%s", name, document_path_endings[i]);
		entry = git_tree_entry_byname(tree, file.data);
		if (!entry || git_tree_entry_type(entry) != GIT_OBJECT_BLOB)
			continue;
		hit->found = true;
		hit->kind = kind;
		text_clear(&hit->path);
		text_format(
			&hit->path, "%s%s/%s", search->root, folder, file.data);
		return;
	}
}

static void look_into_folder(struct search *search, const git_tree *domain,
	const char *name, enum document_kind kind, struct hit *hit)
{
	const char *part = document_path_folder(kind);
	AUTO(text) folder = TEXT_INIT;
	git_tree *tree;

	text_format(&folder, DOCUMENT_PATH_DOMAINS "/%s/", name);
	tree = open_tree(
		search, folder.data, git_tree_entry_byname(domain, part));
	if (!tree)
		return;
	text_append(&folder, part);
	look_for_file(search, tree, folder.data, search->id, kind, hit);
	git_tree_free(tree);
}

static void look_into_domain(
	struct search *search, const git_tree_entry *entry, struct hit *hit)
{
	const char *name = git_tree_entry_name(entry);
	git_tree *domain;

	if ((search->domain && strcmp(search->domain, name)) ||
		!bridge_name_is_valid(name))
		return;
	domain = open_new(search, DOCUMENT_PATH_DOMAINS "/", entry);
	if (!domain)
		return;
	look_into_folder(search, domain, name, DOCUMENT_BRIDGE, hit);
	look_into_folder(search, domain, name, DOCUMENT_TARGET, hit);
	close_tree(search, domain, hit);
}

/* The domain itself: what its folder is known not to have does not count. */
static void look_for_domain(
	struct search *search, const git_tree *domains, struct hit *hit)
{
	git_tree *domain = open_tree(search, DOCUMENT_PATH_DOMAINS "/",
		git_tree_entry_byname(domains, search->id));
	AUTO(text) folder = TEXT_INIT;

	if (!domain)
		return;
	text_format(&folder, DOCUMENT_PATH_DOMAINS "/%s", search->id);
	look_for_file(
		search, domain, folder.data, "domain", DOCUMENT_DOMAIN, hit);
	git_tree_free(domain);
}

static void look_into_catalog(
	struct search *search, const git_tree *root, struct hit *hit)
{
	git_tree *domains = open_new(
		search, "", git_tree_entry_byname(root, DOCUMENT_PATH_DOMAINS));
	git_tree *actors = open_tree(
		search, "", git_tree_entry_byname(root, DOCUMENT_PATH_ACTORS));

	if (domains) {
		for (size_t i = 0; i < git_tree_entrycount(domains); i++)
			look_into_domain(search,
				git_tree_entry_byindex(domains, i), hit);
		if (!search->domain)
			look_for_domain(search, domains, hit);
		close_tree(search, domains, hit);
	}
	if (actors && !search->domain)
		look_for_file(search, actors, DOCUMENT_PATH_ACTORS, search->id,
			DOCUMENT_ACTOR, hit);
	git_tree_free(actors);
}

/* "ops" of "ops/", and "." of "". */
static void append_root(struct text *out, const char *root)
{
	text_append_bytes(
		out, *root ? root : "./", *root ? strlen(root) - 1 : 1);
}

/* The id of the tree at the catalog's root; false when there is none. */
static bool root_tree(struct search *search, git_commit *commit, git_oid *id)
{
	AUTO(text) folder = TEXT_INIT;
	git_tree_entry *entry;
	bool found;

	*id = *git_commit_tree_id(commit);
	if (!*search->root)
		return true;
	append_root(&folder, search->root);
	if (!parents_entry(&entry, commit, search->revision, folder.data,
		    search->diags))
		search->lost = true;
	found = entry && git_tree_entry_type(entry) == GIT_OBJECT_TREE;
	if (found)
		*id = *git_tree_entry_id(entry);
	git_tree_entry_free(entry);
	return found;
}

/* False when there is no catalog at the root, or it is lost. */
static bool look_into_commit(
	struct search *search, git_commit *commit, struct hit *hit)
{
	git_tree *root = NULL;
	git_oid id;
	bool is_catalog;
	int code;

	if (!root_tree(search, commit, &id))
		return false;
	if (oid_set_has(&search->without, &id))
		return !oid_set_has(&search->rootless, &id);
	code = git_tree_lookup(
		&root, revision_repository(search->revision), &id);
	if (code) {
		AUTO(text) folder = TEXT_INIT;

		append_root(&folder, search->root);
		lose(search, folder.data, &id, code);
		return false;
	}
	look_into_catalog(search, root, hit);
	is_catalog = git_tree_entry_byname(root, DOCUMENT_PATH_DOMAINS) != NULL;
	if (!is_catalog)
		oid_set_add(&search->rootless, &id);
	close_tree(search, root, hit);
	return is_catalog;
}

static bool has_catalog(struct search *search, git_commit *commit)
{
	AUTO(text) path = TEXT_INIT;
	git_tree_entry *entry;
	bool found;

	text_format(&path, "%sdomains", search->root);
	if (!parents_entry(
		    &entry, commit, search->revision, path.data, search->diags))
		search->lost = true;
	found = entry != NULL;
	git_tree_entry_free(entry);
	return found;
}

/*
 * The same of a parent, where the catalog may have been elsewhere; *moved is
 * then the root there, malloc'd.
 */
static void look_into_parent(struct search *search, git_commit *commit,
	git_commit *parent, struct hit *hit, char **moved)
{
	const char *root = search->root;

	*moved = NULL;
	if (look_into_commit(search, parent, hit) || search->lost ||
		hit->found || !has_catalog(search, commit) || search->lost)
		return;
	if (!follow_rename_root(moved, search->revision, parent, commit,
		    search->root, search->diags))
		search->lost = true;
	if (!*moved)
		return;
	search->root = *moved;
	look_into_commit(search, parent, hit);
	search->root = root;
}

static void remember(struct removal *removal, const git_commit *commit,
	const struct hit *hit)
{
	free(removal->path);
	removal->kind = hit->kind;
	removal->path = own_strdup(hit->path.data);
	git_oid_tostr(removal->commit, sizeof(removal->commit),
		git_commit_id(commit));
}

/* NULL where a shallow clone ends, or when it is lost. */
static git_commit *open_parent_commit(
	struct search *search, git_commit *commit, unsigned number)
{
	git_commit *parent = NULL;

	AUTO(text) folder = TEXT_INIT;

	append_root(&folder, search->root);
	if (!search->lost &&
		!parents_open(&parent, commit, number, search->revision,
			folder.data, &search->removal->cut, search->diags))
		search->lost = true;
	return parent;
}

/* The commit does not have it. True when it took it away. */
static bool look_at_parents(struct search *search, const struct pending *at)
{
	unsigned parents = parents_count(
		at->commit, search->revision, &search->removal->cut);
	AUTO(hit) first = HIT_INIT;
	bool absent = false;

	for (unsigned i = 0; i < parents; i++) {
		AUTO(hit) hit = HIT_INIT;
		AUTO_FREE char *moved = NULL;
		git_commit *parent;

		search->root = at->path;
		parent = open_parent_commit(search, at->commit, i);
		if (!parent)
			continue;
		look_into_parent(search, at->commit, parent, &hit, &moved);
		if (!hit.found) {
			absent = true;
			commit_queue_push(&search->queue, parent,
				moved ? moved : at->path);
			continue;
		}
		git_commit_free(parent);
		if (first.found)
			continue;
		first = hit;
		hit = (struct hit)HIT_INIT;
	}
	if (first.found && (!absent || !search->removal->path))
		remember(search->removal, at->commit, &first);
	return first.found && !absent;
}

static void look_back(struct search *search, git_commit *commit)
{
	struct pending at;
	bool found = false;

	commit_queue_push(&search->queue, commit, search->root);
	for (size_t i = 0; !found && !search->lost &&
			   commit_queue_pop(&search->queue, &at);
		i++) {
		found = look_at_parents(search, &at);
		pending_release(&at);
		if (i < REMOVAL_MAX_COMMITS)
			continue;
		search->removal->too_long = true;
		break;
	}
	commit_queue_release(&search->queue);
	oid_set_release(&search->without);
	oid_set_release(&search->rootless);
}

bool removal_find(struct removal *removal, const struct catalog *catalog,
	const char *reference, struct diags *diags)
{
	struct revision *revision = catalog->revision;
	char domain[BRIDGE_MAX_NAME + 1];
	bool has_domain;
	struct search search = {.revision = revision,
		.root = revision_prefix(revision),
		.id = document_table_split(reference, domain, &has_domain),
		.queue = COMMIT_QUEUE_INIT,
		.without = OID_SET_INIT,
		.rootless = OID_SET_INIT,
		.removal = removal,
		.diags = diags};
	git_commit *commit = NULL;
	git_oid id;

	if (!search.id || revision_kind(revision) != REVISION_COMMIT ||
		git_oid_fromstr(&id, revision_id(revision)) ||
		git_commit_lookup(&commit, revision_repository(revision), &id))
		return true;
	search.domain = has_domain ? domain : NULL;
	removal->id = search.id;
	look_back(&search, commit);
	return !search.lost;
}
