#include "catalog/gone.h"

#include "catalog/commit_queue.h"
#include "catalog/known.h"
#include "catalog/locate.h"
#include "catalog/lost.h"
#include "catalog/revision_source.h"
#include "schema/bridge.h"

#include <stdlib.h>
#include <string.h>

struct search {
	struct revision *revision;
	git_repository *repository;
	const char *prefix;
	const char *id;
	const char *domain; /* or NULL: any */
	struct commit_queue queue;
	struct oid_set without; /* trees that are known not to have it */
	struct gone *gone;
	bool lost; /* something could not be read, and was reported */
	struct diags *diags;
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
	struct search *search, const char *name, const git_oid *id, int code)
{
	search->lost = true;
	lost_object(search->revision, name, id->id, code, search->diags);
}

/* What the entry is of; NULL when it is no folder or cannot be read. */
static git_tree *open_tree(struct search *search, const git_tree_entry *entry)
{
	git_tree *tree = NULL;
	int code;

	if (!entry || git_tree_entry_type(entry) != GIT_OBJECT_TREE ||
		search->lost)
		return NULL;
	code = git_tree_lookup(
		&tree, search->repository, git_tree_entry_id(entry));
	if (code)
		lose(search, git_tree_entry_name(entry),
			git_tree_entry_id(entry), code);
	return tree;
}

/* The same, also NULL when it is known to have nothing. */
static git_tree *open_new(struct search *search, const git_tree_entry *entry)
{
	if (entry && oid_set_has(&search->without, git_tree_entry_id(entry)))
		return NULL;
	return open_tree(search, entry);
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
		text_format(&hit->path, "%s%s/%s", search->prefix, folder,
			file.data);
		return;
	}
}

static void look_into_folder(struct search *search, const git_tree *domain,
	const char *name, enum document_kind kind, struct hit *hit)
{
	const char *part = locate_folder(kind);
	git_tree *tree = open_tree(search, git_tree_entry_byname(domain, part));
	AUTO(text) folder = TEXT_INIT;

	if (!tree)
		return;
	text_format(&folder, "domains/%s/%s", name, part);
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
	domain = open_new(search, entry);
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
		search, git_tree_entry_byname(domains, search->id));
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
		search, git_tree_entry_byname(root, "domains"));
	git_tree *actors = open_tree(
		search, git_tree_entry_byname(root, "actors"));

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

/* The tree at the catalog's root; NULL when there is none. */
static git_tree *catalog_tree(struct search *search, git_commit *commit)
{
	size_t length = strlen(search->prefix);
	AUTO_FREE char *path = own_strndup(
		search->prefix, length ? length - 1 : 0);
	git_tree_entry *entry = NULL;
	git_tree *root = NULL;
	git_tree *tree;
	int code = git_commit_tree(&root, commit);

	if (code)
		lose(search, path, git_commit_tree_id(commit), code);
	if (!root || !length)
		return root;
	if (git_tree_entry_bypath(&entry, root, path))
		entry = NULL;
	tree = open_tree(search, entry);
	git_tree_entry_free(entry);
	git_tree_free(root);
	return tree;
}

static void look_into_commit(
	struct search *search, git_commit *commit, struct hit *hit)
{
	git_tree *root = catalog_tree(search, commit);

	if (!root)
		return;
	if (!oid_set_has(&search->without, git_tree_id(root)))
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

/* A shallow clone ends where a parent is missing. */
static void miss_parent(
	struct search *search, const git_commit *commit, unsigned n, int code)
{
	if (code == GIT_ENOTFOUND &&
		git_repository_is_shallow(search->repository) == 1)
		search->gone->cut = true;
	else
		lose(search, search->id, git_commit_parent_id(commit, n), code);
}

/* The commit does not have it. True when it took it away. */
static bool look_at_parents(struct search *search, git_commit *commit)
{
	AUTO(hit) first = HIT_INIT;
	bool absent = false;

	for (unsigned i = 0; i < git_commit_parentcount(commit); i++) {
		AUTO(hit) hit = HIT_INIT;
		git_commit *parent = NULL;
		int code = git_commit_parent(&parent, commit, i);

		if (code) {
			miss_parent(search, commit, i, code);
			continue;
		}
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
		search->gone->cut = true;
		break;
	}
	commit_queue_release(&search->queue);
	oid_set_release(&search->without);
}

bool gone_find(struct gone *gone, const struct catalog *catalog,
	const char *reference, struct diags *diags)
{
	struct revision *revision = catalog->revision;
	char domain[BRIDGE_MAX_NAME + 1];
	bool has_domain;
	struct search search = {.revision = revision,
		.repository = revision->repository,
		.prefix = revision->prefix,
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
