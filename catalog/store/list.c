#include "catalog/store/list.h"

#include "catalog/document/document_path.h"
#include "catalog/store/document.h"
#include "catalog/store/document_table.h"

#include "schema/bridge/bridge.h"

#include <stdlib.h>
#include <string.h>

struct listing {
	struct catalog *catalog;
	struct diags *diags;
	void (*step)(void *data);
	void *data;
};

static struct origin origin_of(struct listing *listing, const char *path)
{
	struct document document = {.path = path};

	return document_origin(listing->catalog, &document);
}

/* README.md and dotfiles such as .gitkeep are fine anywhere. */
static bool is_ignored(const char *name)
{
	return name[0] == '.' || !strcmp(name, "README.md");
}

static void report_unexpected(struct listing *listing, const char *folder,
	const struct revision_entry *entry, const char *expected)
{
	AUTO(text) path = TEXT_INIT;
	struct origin at;

	if (is_ignored(entry->name))
		return;
	text_format(&path, "%s/%s", folder, entry->name);
	at = origin_of(listing, path.data);
	if (entry->kind == ENTRY_OTHER)
		diag_error(listing->diags, &at, RULE_LAYOUT_FILE_TYPE,
			"'%s' is a symbolic link, a submodule or a device, not "
			"a plain file or folder",
			at.source->path);
	else
		diag_report(listing->diags, &at, RULE_LAYOUT_UNEXPECTED,
			"nothing reads the %s '%s'; here stand %s",
			entry->kind == ENTRY_FOLDER ? "folder" : "file",
			at.source->path, expected);
}

static bool check_name(
	struct listing *listing, const char *path, const char *id)
{
	struct origin at;

	if (bridge_name_is_valid(id))
		return true;
	at = origin_of(listing, path);
	return diag_error(listing->diags, &at, RULE_LAYOUT_ID,
		"'%s' is not a valid id; use letters, digits, '.', '_' and "
		"'-'",
		id);
}

static void append_document(
	struct documents *documents, struct document *document)
{
	documents->list = own_grow(documents->list, documents->count,
		&documents->capacity, sizeof(*documents->list));
	documents->list[documents->count++] = document;
}

/*
 * Ids are unique in the whole catalog, also when case is ignored: some file
 * systems and most people do not tell them apart.
 */
static void report_duplicate(struct listing *listing,
	const struct document *document, const struct document *first)
{
	struct origin at = document_origin(listing->catalog, document);

	diag_error(listing->diags, &at, RULE_ID_DUPLICATE,
		"the %s id '%s' is taken by '%s%s'%s",
		document_kind_name(document->kind), document->id,
		revision_prefix(listing->catalog->revision), first->path,
		strcmp(first->id, document->id)
			? ": upper and lower case do not differ"
			: "");
	diag_about(listing->diags, first->path);
}

/* Some may be known from an earlier catalog_locate(). */
static struct document *list_document(struct listing *listing,
	enum document_kind kind, const char *domain, const char *id,
	const char *path, const struct revision_entry *entry)
{
	struct catalog *catalog = listing->catalog;
	const struct document *first = document_table_find_folded(
		&catalog->known, kind, id);
	struct document *document;

	if (!first)
		document = document_add_new(
			catalog, kind, domain, id, path, entry);
	else
		document = document_add(catalog, kind, domain, id, path, entry);
	if (first && first != document)
		report_duplicate(listing, document, first);
	append_document(&catalog->of[kind], document);
	return document;
}

/* One folder of documents: actors/, or a domain's bridges/ or targets/. */
static bool list_documents(struct listing *listing, enum document_kind kind,
	const char *domain, const char *folder,
	const struct revision_entry *folder_entry)
{
	struct catalog *catalog = listing->catalog;
	AUTO(arena) arena = ARENA_INIT;
	AUTO(text) path = TEXT_INIT;
	struct revision_entry *entries;
	size_t count;

	if (!revision_list_entry(catalog->revision, folder, folder_entry,
		    &arena, &entries, &count, listing->diags))
		return false;
	document_table_expect(&catalog->known, count);
	for (size_t i = 0; i < count; i++) {
		const char *name = entries[i].name;
		size_t length = document_path_id_length(name);
		const char *id;

		if (entries[i].kind == ENTRY_FOLDER || is_ignored(name) ||
			!length) {
			report_unexpected(listing, folder, &entries[i],
				"only <id>.yaml files");
			continue;
		}
		text_clear(&path);
		text_append(&path, folder);
		text_append_char(&path, '/');
		text_append(&path, name);
		id = arena_strndup(&arena, name, length);
		if (check_name(listing, path.data, id))
			list_document(listing, kind, domain, id, path.data,
				&entries[i]);
	}
	listing->step(listing->data);
	return true;
}

/* domain.yaml, or a stand-in that says it is missing. */
static void add_domain(struct listing *listing, const char *folder,
	const char *id, const struct revision_entry *entries, size_t count)
{
	struct document *document = NULL;
	AUTO(text) path = TEXT_INIT;

	for (size_t i = 0; i < count; i++) {
		if (entries[i].kind == ENTRY_FOLDER ||
			!document_path_is_domain(entries[i].name))
			continue;
		text_clear(&path);
		text_format(&path, "%s/%s", folder, entries[i].name);
		document = list_document(listing, DOCUMENT_DOMAIN, id, id,
			path.data, &entries[i]);
	}
	if (document)
		return;
	document_path_append(&path, DOCUMENT_DOMAIN, NULL, id);
	text_append(&path, document_path_endings[0]);
	document = list_document(
		listing, DOCUMENT_DOMAIN, id, id, path.data, NULL);
	document->read = true;
	document->missing = true;
	document->broken = RULE_LAYOUT_NO_DOMAIN;
}

static bool list_domain(
	struct listing *listing, const struct revision_entry *domain)
{
	AUTO(arena) arena = ARENA_INIT;
	AUTO(text) folder = TEXT_INIT;
	struct revision_entry *entries;
	bool good = true;
	size_t count;

	text_format(&folder, DOCUMENT_PATH_DOMAINS "/%s", domain->name);
	if (!check_name(listing, folder.data, domain->name) ||
		!revision_list_entry(listing->catalog->revision, folder.data,
			domain, &arena, &entries, &count, listing->diags))
		return false;
	add_domain(listing, folder.data, domain->name, entries, count);
	for (size_t i = 0; i < count; i++) {
		const char *name = entries[i].name;
		bool is_folder = entries[i].kind == ENTRY_FOLDER;
		enum document_kind kind = strcmp(name, "bridges")
						  ? DOCUMENT_TARGET
						  : DOCUMENT_BRIDGE;
		AUTO(text) path = TEXT_INIT;

		text_format(&path, "%s/%s", folder.data, name);
		if (is_folder && !strcmp(name, document_path_folder(kind)))
			good &= list_documents(listing, kind, domain->name,
				path.data, &entries[i]);
		else if (is_folder ? strcmp(name, "docs")
				   : !document_path_is_domain(name))
			report_unexpected(listing, folder.data, &entries[i],
				"domain.yaml, targets/, bridges/ and docs/");
	}
	return good;
}

static bool list_domains(struct listing *listing)
{
	AUTO(arena) arena = ARENA_INIT;
	struct revision_entry *entries;
	bool good = true;
	size_t count;

	if (!revision_list(listing->catalog->revision, DOCUMENT_PATH_DOMAINS,
		    &arena, &entries, &count, listing->diags))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (is_ignored(entries[i].name))
			continue;
		if (entries[i].kind == ENTRY_FOLDER)
			good &= list_domain(listing, &entries[i]);
		else
			report_unexpected(listing, DOCUMENT_PATH_DOMAINS,
				&entries[i], "only folders, one per domain");
	}
	return good;
}

static int compare_documents(const void *a, const void *b)
{
	const struct document *x = *(struct document *const *)a;
	const struct document *y = *(struct document *const *)b;
	int order = strcmp(
		x->domain ? x->domain : "", y->domain ? y->domain : "");

	if (!order)
		order = strcmp(x->id, y->id);
	return order ? order : strcmp(x->path, y->path);
}

/* Folders are in the order of ids but where one id begins with another. */
static void sort_documents(struct documents *documents)
{
	struct document **list = documents->list;

	for (size_t i = 1; i < documents->count; i++)
		if (compare_documents(&list[i - 1], &list[i]) > 0) {
			qsort(list, documents->count, sizeof(*list),
				compare_documents);
			return;
		}
}

bool list_catalog_stepwise(struct catalog *catalog, void (*step)(void *data),
	void *data, struct diags *diags)
{
	struct listing listing = {
		.catalog = catalog, .diags = diags, .step = step, .data = data};
	size_t errors = diags->errors;

	if (catalog->listed) {
		step(data);
		return true;
	}
	list_domains(&listing);
	list_documents(
		&listing, DOCUMENT_ACTOR, NULL, DOCUMENT_PATH_ACTORS, NULL);
	if (catalog->settings)
		append_document(
			&catalog->of[DOCUMENT_CATALOG], catalog->settings);
	step(data);
	for (size_t kind = 0; kind < DOCUMENT_KINDS; kind++)
		sort_documents(&catalog->of[kind]);
	catalog->listed = true;
	return diags->errors == errors;
}

static void no_step(void *data)
{
	(void)data;
}

bool list_catalog(struct catalog *catalog, struct diags *diags)
{
	return catalog->listed ||
	       list_catalog_stepwise(catalog, no_step, NULL, diags);
}
