#include "catalog/gone.h"

#include "catalog/commit_queue.h"
#include "catalog/known.h"
#include "catalog/locate.h"
#include "catalog/lost.h"
#include "catalog/past.h"
#include "catalog/revision_source.h"
#include "schema/bridge.h"

#include <stdlib.h>
#include <string.h>

struct search {
	struct revision *revision;
	const char *root; /* the catalog's folder: "ops", or "." at the top */
	const char *id;
	const char *domain; /* or NULL: any */
	struct commit_queue queue;
	struct oid_set without; /* trees that are known not to have it */
	struct gone *gone;
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

void gone_release(struct gone *gone)
{
	free(gone->path);
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
	lost_object(search->revision, path, id->id, code, search->diags);
}

/* `folder` is what the entry lies in, from the catalog's root on. */
static void lose_entry(struct search *search, const char *folder,
	const git_tree_entry *entry, int code)
{
	AUTO(text) path = TEXT_INIT;

	text_format(&path, "%s%s%s", search->revision->prefix, folder,
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
	code = git_tree_lookup(
		&tree, search->revision->repository, git_tree_entry_id(entry));
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
	static const char *const endings[] = {".yaml", ".yml"};

	if (hit->found && !is_before(kind, hit->kind))
		return;
	for (size_t i = 0; i < COUNT(endings); i++) {
		AUTO(text) file = TEXT_INIT;
		const git_tree_entry *entry;

		text_format(&file, "%s%s", name, endings[i]);
		entry = git_tree_entry_byname(tree, file.data);
		if (!entry || git_tree_entry_type(entry) != GIT_OBJECT_BLOB)
			continue;
		hit->found = true;
		hit->kind = kind;
		text_clear(&hit->path);
		text_format(&hit->path, "%s%s/%s", search->revision->prefix,
			folder, file.data);
		return;
	}
}

static void look_into_folder(struct search *search, const git_tree *domain,
	const char *name, enum document_kind kind, struct hit *hit)
{
	const char *part = locate_folder(kind);
	AUTO(text) folder = TEXT_INIT;
	git_tree *tree;

	text_format(&folder, "domains/%s/", name);
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
	domain = open_new(search, "domains/", entry);
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
	git_tree *domain = open_tree(
		search, "domains/", git_tree_entry_byname(domains, search->id));
	AUTO(text) folder = TEXT_INIT;

	if (!domain)
		return;
	text_format(&folder, "domains/%s", search->id);
	look_for_file(
		search, domain, folder.data, "domain", DOCUMENT_DOMAIN, hit);
	git_tree_free(domain);
}

static void look_into_catalog(
	struct search *search, const git_tree *root, struct hit *hit)
{
	git_tree *domains = open_new(
		search, "", git_tree_entry_byname(root, "domains"));
	git_tree *actors = open_tree(
		search, "", git_tree_entry_byname(root, "actors"));

	if (domains) {
		for (size_t i = 0; i < git_tree_entrycount(domains); i++)
			look_into_domain(search,
				git_tree_entry_byindex(domains, i), hit);
		if (!search->domain)
			look_for_domain(search, domains, hit);
		close_tree(search, domains, hit);
	}
	if (actors && !search->domain)
		look_for_file(search, actors, "actors", search->id,
			DOCUMENT_ACTOR, hit);
	git_tree_free(actors);
}

/* The id of the tree at the catalog's root; false when there is none. */
static bool find_root(struct search *search, git_commit *commit, git_oid *id)
{
	git_tree_entry *entry;
	bool found;

	*id = *git_commit_tree_id(commit);
	if (!*search->revision->prefix)
		return true;
	if (!past_entry(&entry, commit, search->revision, search->root,
		    search->diags))
		search->lost = true;
	found = entry && git_tree_entry_type(entry) == GIT_OBJECT_TREE;
	if (found)
		*id = *git_tree_entry_id(entry);
	git_tree_entry_free(entry);
	return found;
}

static void look_into_commit(
	struct search *search, git_commit *commit, struct hit *hit)
{
	git_tree *root = NULL;
	git_oid id;
	int code;

	if (!find_root(search, commit, &id) ||
		oid_set_has(&search->without, &id))
		return;
	code = git_tree_lookup(&root, search->revision->repository, &id);
	if (code) {
		lose(search, search->root, &id, code);
		return;
	}
	look_into_catalog(search, root, hit);
	close_tree(search, root, hit);
}

static void remember(
	struct gone *gone, const git_commit *commit, const struct hit *hit)
{
	free(gone->path);
	gone->kind = hit->kind;
	gone->path = own_strdup(hit->path.data);
	git_oid_tostr(
		gone->commit, sizeof(gone->commit), git_commit_id(commit));
}

/* NULL where a shallow clone ends, or when it is lost. */
static git_commit *open_parent(
	struct search *search, git_commit *commit, unsigned number)
{
	git_commit *parent = NULL;

	if (!search->lost &&
		!past_parent(&parent, commit, number, search->revision,
			search->root, &search->gone->cut, search->diags))
		search->lost = true;
	return parent;
}

/* The commit does not have it. True when it took it away. */
static bool look_at_parents(struct search *search, git_commit *commit)
{
	AUTO(hit) first = HIT_INIT;
	bool absent = false;

	for (unsigned i = 0; i < git_commit_parentcount(commit); i++) {
		AUTO(hit) hit = HIT_INIT;
		git_commit *parent = open_parent(search, commit, i);

		if (!parent)
			continue;
		look_into_commit(search, parent, &hit);
		if (!hit.found) {
			absent = true;
			commit_queue_push(&search->queue, parent, "");
			continue;
		}
		git_commit_free(parent);
		if (first.found)
			continue;
		first = hit;
		hit = (struct hit)HIT_INIT;
	}
	if (first.found && (!absent || !search->gone->path))
		remember(search->gone, commit, &first);
	return first.found && !absent;
}

static void look_back(struct search *search, git_commit *commit)
{
	struct pending at;
	bool found = false;

	commit_queue_push(&search->queue, commit, "");
	for (size_t i = 0; !found && !search->lost &&
			   commit_queue_pop(&search->queue, &at);
		i++) {
		found = look_at_parents(search, at.commit);
		pending_release(&at);
		if (i < GONE_MAX_COMMITS)
			continue;
		search->gone->too_long = true;
		break;
	}
	commit_queue_release(&search->queue);
	oid_set_release(&search->without);
}

bool gone_find(struct gone *gone, const struct catalog *catalog,
	const char *reference, struct diags *diags)
{
	struct revision *revision = catalog->revision;
	size_t length = strlen(revision->prefix);
	AUTO_FREE char *root = length ? own_strndup(
						revision->prefix, length - 1)
				      : own_strdup(".");
	char domain[BRIDGE_MAX_NAME + 1];
	bool has_domain;
	struct search search = {.revision = revision,
		.root = root,
		.id = known_split(reference, domain, &has_domain),
		.queue = COMMIT_QUEUE_INIT,
		.without = OID_SET_INIT,
		.gone = gone,
		.diags = diags};
	git_commit *commit = NULL;
	git_oid id;

	if (!search.id || revision->kind != REVISION_COMMIT ||
		git_oid_fromstr(&id, revision->id) ||
		git_commit_lookup(&commit, revision->repository, &id))
		return true;
	search.domain = has_domain ? domain : NULL;
	gone->id = search.id;
	look_back(&search, commit);
	return !search.lost;
}
