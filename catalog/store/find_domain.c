#include "catalog/store/find_domain.h"

#include "catalog/document/document_path.h"
#include "catalog/git/raw_tree.h"
#include "catalog/git/revision_commit.h"
#include "catalog/store/domain_cache.h"
#include "catalog/store/find_file.h"

#include "schema/bridge/bridge.h"

#include <stdlib.h>
#include <string.h>

/* A catalog with fewer documents is searched faster than an index opens. */
enum { WORTH_AN_INDEX = 500 };

/* One walk over the trees of all domains. */
struct scan {
	struct revision *revision;
	struct diags *diags;
	enum document_kind kind; /* what is looked for */
	const char *id;
	struct text *domain;        /* the answer */
	size_t seen;                /* trees and documents */
	struct domain_cache *index; /* to be filled, or NULL */
};

static void see(struct scan *scan, enum document_kind kind, const char *domain,
	const char *name)
{
	size_t length = document_path_id_length(name);

	scan->seen++;
	if (!length)
		return;
	if (scan->index)
		domain_cache_add(scan->index, kind, name, length, domain);
	if (kind != scan->kind || strncmp(name, scan->id, length) ||
		scan->id[length])
		return;
	if (scan->domain->length && strcmp(scan->domain->data, domain) <= 0)
		return;
	text_clear(scan->domain);
	text_append(scan->domain, domain);
}

static bool scan_folder(struct scan *scan, enum document_kind kind,
	const char *domain, const struct revision_entry *folder)
{
	git_odb_object *tree = NULL;
	struct revision_entry entry;
	const char *at;
	const char *end;

	if (!revision_commit_tree(
		    scan->revision, domain, folder, &tree, scan->diags))
		return false;
	at = git_odb_object_data(tree);
	end = at + git_odb_object_size(tree);
	while (raw_tree_next(&at, end, &entry))
		if (entry.kind != ENTRY_FOLDER)
			see(scan, kind, domain, entry.name);
	git_odb_object_free(tree);
	return true;
}

static bool scan_domain(struct scan *scan, const struct revision_entry *domain)
{
	git_odb_object *tree = NULL;
	struct revision_entry entry;
	bool good = true;
	const char *at;
	const char *end;

	if (!revision_commit_tree(
		    scan->revision, domain->name, domain, &tree, scan->diags))
		return false;
	scan->seen++;
	at = git_odb_object_data(tree);
	end = at + git_odb_object_size(tree);
	while (good && raw_tree_next(&at, end, &entry)) {
		static const enum document_kind kinds[] = {
			DOCUMENT_BRIDGE, DOCUMENT_TARGET};

		if (entry.kind != ENTRY_FOLDER)
			continue;
		for (size_t i = 0; good && i < COUNT(kinds); i++)
			if (!strcmp(entry.name,
				    document_path_folder(kinds[i])) &&
				(scan->index || kinds[i] == scan->kind))
				good = scan_folder(
					scan, kinds[i], domain->name, &entry);
	}
	git_odb_object_free(tree);
	return good;
}

static bool scan_domains(struct scan *scan, git_odb_object *domains)
{
	const char *at = git_odb_object_data(domains);
	const char *end = at + git_odb_object_size(domains);
	struct revision_entry entry;

	while (raw_tree_next(&at, end, &entry))
		if (entry.kind == ENTRY_FOLDER &&
			bridge_name_is_valid(entry.name) &&
			!scan_domain(scan, &entry))
			return false;
	return true;
}

static bool search_trees(
	struct scan *scan, const struct revision_entry *domains)
{
	AUTO(domain_cache) index = DOMAIN_CACHE_INIT;
	git_odb_object *tree = NULL;
	bool good;

	if (!revision_commit_tree(scan->revision, DOCUMENT_PATH_DOMAINS,
		    domains, &tree, scan->diags))
		return false;
	good = scan_domains(scan, tree);
	if (good && scan->seen > WORTH_AN_INDEX) {
		scan->index = &index;
		good = scan_domains(scan, tree);
		if (good)
			domain_cache_write(&index, domains->blob_id);
		scan->index = NULL;
	}
	git_odb_object_free(tree);
	return good;
}

static bool locate_in_commit(struct revision *revision, enum document_kind kind,
	const char *id, struct text *domain, struct diags *diags)
{
	struct scan scan = {.revision = revision,
		.diags = diags,
		.kind = kind,
		.id = id,
		.domain = domain};
	struct revision_entry domains;
	bool there;

	if (!revision_lookup(
		    revision, DOCUMENT_PATH_DOMAINS, &domains, &there, diags))
		return false;
	if (!there || domains.kind != ENTRY_FOLDER)
		return true;
	return search_trees(&scan, &domains);
}

static bool is_there(struct revision *revision, enum document_kind kind,
	const char *domain, const char *id, bool *there, struct diags *diags)
{
	AUTO(text) base = TEXT_INIT;
	AUTO(text) path = TEXT_INIT;
	struct revision_entry entry;
	unsigned found;

	document_path_append(&base, kind, domain, id);
	if (!find_file(revision, base.data, &path, &entry, &found, diags))
		return false;
	*there = found > 0;
	return true;
}

static bool locate_in_files(struct revision *revision, enum document_kind kind,
	const char *id, struct text *domain, struct diags *diags)
{
	AUTO(arena) arena = ARENA_INIT;
	struct revision_entry *entries;
	size_t count;

	if (!revision_list(revision, DOCUMENT_PATH_DOMAINS, &arena, &entries,
		    &count, diags))
		return false;
	for (size_t i = 0; i < count; i++) {
		bool there;

		if (entries[i].kind != ENTRY_FOLDER ||
			!bridge_name_is_valid(entries[i].name))
			continue;
		if (!is_there(
			    revision, kind, entries[i].name, id, &there, diags))
			return false;
		if (!there)
			continue;
		text_append(domain, entries[i].name);
		return true;
	}
	return true;
}

bool find_domain_cached(struct revision *revision, enum document_kind kind,
	const char *id, struct text *domain)
{
	AUTO(diags) unheard = DIAGS_INIT;
	struct revision_entry domains;
	bool there;

	return revision_kind(revision) == REVISION_COMMIT &&
	       revision_lookup(revision, DOCUMENT_PATH_DOMAINS, &domains,
		       &there, &unheard) &&
	       there && domains.kind == ENTRY_FOLDER &&
	       domain_cache_find(domains.blob_id, kind, id, domain);
}

bool find_domain(struct revision *revision, enum document_kind kind,
	const char *id, struct text *domain, struct diags *diags)
{
	if (revision_kind(revision) == REVISION_COMMIT)
		return locate_in_commit(revision, kind, id, domain, diags);
	return locate_in_files(revision, kind, id, domain, diags);
}
