#include "catalog/store/find_domain.h"

#include "catalog/git/revision_internal.h"
#include "catalog/store/domain_cache.h"

#include "schema/bridge/bridge.h"

#include <stdlib.h>
#include <string.h>

/* A catalog with fewer documents is searched faster than an index opens. */
enum { WORTH_AN_INDEX = 500 };

const char *locate_folder(enum document_kind kind)
{
	return kind == DOCUMENT_BRIDGE ? "bridges" : "targets";
}

bool locate_file(struct revision *revision, const char *base, struct text *path,
	struct revision_entry *entry, unsigned *found, struct diags *diags)
{
	static const char *const endings[] = {".yml", ".yaml"};

	*found = 0;
	for (size_t i = 0; i < COUNT(endings); i++) {
		AUTO(text) tried = TEXT_INIT;
		struct revision_entry here;
		bool exists;

		text_format(&tried, "%s%s", base, endings[i]);
		if (!revision_lookup(
			    revision, tried.data, &here, &exists, diags))
			return false;
		if (!exists || here.kind == ENTRY_FOLDER)
			continue;
		*entry = here;
		++*found;
		text_clear(path);
		text_append(path, tried.data);
	}
	return true;
}

/* The id in "<id>.yaml" or "<id>.yml"; false when it is no such name. */
static bool split_name(const char *name, size_t *length)
{
	const char *dot = strrchr(name, '.');

	if (!dot || (strcmp(dot, ".yaml") && strcmp(dot, ".yml")))
		return false;
	*length = (size_t)(dot - name);
	return true;
}

/* One walk over the trees of all domains. */
struct scan {
	struct revision *revision;
	struct diags *diags;
	enum document_kind kind; /* what is looked for */
	const char *id;
	struct text *domain;        /* the answer */
	size_t seen;                /* trees and documents */
	struct locate_index *index; /* to be filled, or NULL */
};

static void see(struct scan *scan, enum document_kind kind, const char *domain,
	const char *name)
{
	size_t length;

	scan->seen++;
	if (!split_name(name, &length))
		return;
	if (scan->index)
		locate_index_add(scan->index, kind, name, length, domain);
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

	if (!revision_open_tree(
		    scan->revision, domain, folder, &tree, scan->diags))
		return false;
	at = git_odb_object_data(tree);
	end = at + git_odb_object_size(tree);
	while (revision_tree_next(&at, end, &entry))
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

	if (!revision_open_tree(
		    scan->revision, domain->name, domain, &tree, scan->diags))
		return false;
	scan->seen++;
	at = git_odb_object_data(tree);
	end = at + git_odb_object_size(tree);
	while (good && revision_tree_next(&at, end, &entry)) {
		static const enum document_kind kinds[] = {
			DOCUMENT_BRIDGE, DOCUMENT_TARGET};

		if (entry.kind != ENTRY_FOLDER)
			continue;
		for (size_t i = 0; good && i < COUNT(kinds); i++)
			if (!strcmp(entry.name, locate_folder(kinds[i])) &&
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

	while (revision_tree_next(&at, end, &entry))
		if (entry.kind == ENTRY_FOLDER &&
			bridge_name_is_valid(entry.name) &&
			!scan_domain(scan, &entry))
			return false;
	return true;
}

static bool search(struct scan *scan, const struct revision_entry *domains)
{
	AUTO(locate_index) index = LOCATE_INDEX_INIT;
	git_odb_object *tree = NULL;
	bool good;

	if (!revision_open_tree(
		    scan->revision, "domains", domains, &tree, scan->diags))
		return false;
	good = scan_domains(scan, tree);
	if (good && scan->seen > WORTH_AN_INDEX) {
		scan->index = &index;
		good = scan_domains(scan, tree);
		if (good)
			locate_index_write(&index, domains->blob_id);
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

	if (!revision_lookup(revision, "domains", &domains, &there, diags))
		return false;
	if (!there || domains.kind != ENTRY_FOLDER)
		return true;
	return search(&scan, &domains);
}

static bool is_there(struct revision *revision, enum document_kind kind,
	const char *domain, const char *id, bool *there, struct diags *diags)
{
	AUTO(text) base = TEXT_INIT;
	AUTO(text) path = TEXT_INIT;
	struct revision_entry entry;
	unsigned found;

	text_format(&base, "domains/%s/%s/%s", domain, locate_folder(kind), id);
	if (!locate_file(revision, base.data, &path, &entry, &found, diags))
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

	if (!revision_list(
		    revision, "domains", &arena, &entries, &count, diags))
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

bool locate_guess(struct revision *revision, enum document_kind kind,
	const char *id, struct text *domain)
{
	AUTO(diags) unheard = DIAGS_INIT;
	struct revision_entry domains;
	bool there;

	return revision_kind(revision) == REVISION_COMMIT &&
	       revision_lookup(
		       revision, "domains", &domains, &there, &unheard) &&
	       there && domains.kind == ENTRY_FOLDER &&
	       locate_index_find(domains.blob_id, kind, id, domain);
}

bool locate_domain(struct revision *revision, enum document_kind kind,
	const char *id, struct text *domain, struct diags *diags)
{
	if (revision_kind(revision) == REVISION_COMMIT)
		return locate_in_commit(revision, kind, id, domain, diags);
	return locate_in_files(revision, kind, id, domain, diags);
}
