#include "catalog/store/custom_schemas.h"
#include "catalog/document/document_path.h"
#include "catalog/document/schemas.h"
#include "catalog/store/document.h"

#include "schema/base/suggest.h"
#include "schema/base/text.h"

#include <string.h>

static const char folder[] = DOCUMENT_PATH_SCHEMAS;

/* Of a kind and with several endings the first of these is read. */
static const char *const endings[] = {
	".schema.json", ".schema.yaml", ".schema.yml"};

/* tunnels.yaml is a person's, not the organisation's. */
static const enum document_kind kinds[] = {DOCUMENT_CATALOG, DOCUMENT_DOMAIN,
	DOCUMENT_TARGET, DOCUMENT_BRIDGE, DOCUMENT_ACTOR};

static void append_name(
	struct text *name, enum document_kind kind, const char *ending)
{
	text_format(name, "%s%s", document_kind_name(kind), ending);
}

static const struct revision_entry *find_entry(
	const struct revision_entry *entries, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(entries[i].name, name) &&
			entries[i].kind != ENTRY_FOLDER)
			return &entries[i];
	return NULL;
}

/* The entry that is read for a kind, or NULL. */
static const struct revision_entry *find_chosen(
	const struct revision_entry *entries, size_t count,
	enum document_kind kind)
{
	const struct revision_entry *entry = NULL;

	for (size_t i = 0; !entry && i < COUNT(endings); i++) {
		AUTO(text) name = TEXT_INIT;

		append_name(&name, kind, endings[i]);
		entry = find_entry(entries, count, name.data);
	}
	return entry;
}

static bool read_one(struct catalog *catalog, enum document_kind kind,
	const struct revision_entry *entry, struct diags *diags)
{
	const struct source *source;
	AUTO(text) path = TEXT_INIT;

	text_format(&path, "%s/%s", folder, entry->name);
	if (!revision_read_entry(catalog->revision, path.data, entry,
		    &catalog->arena, &source, diags))
		return false;
	if (!source)
		return true;
	schemas_add(catalog->schemas, kind, path.data, source, diags);
	catalog->schemas->of[kind].entry = *entry;
	catalog->schemas->of[kind].entry.name = NULL;
	return true;
}

bool custom_schemas_read(struct catalog *catalog, struct diags *diags)
{
	AUTO(arena) arena = ARENA_INIT;
	struct revision_entry *entries;
	bool good = true;
	size_t count;

	if (catalog->schemas->read)
		return true;
	catalog->schemas->read = true;
	if (!revision_list(
		    catalog->revision, folder, &arena, &entries, &count, diags))
		return false;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		const struct revision_entry *entry = find_chosen(
			entries, count, kinds[i]);

		if (entry)
			good &= read_one(catalog, kinds[i], entry, diags);
	}
	return good;
}

/* The nearest name that would be read, or NULL; valid until the next call. */
static const char *nearest_name(struct text *near, const char *name)
{
	const char *names[COUNT(kinds)];
	const char *kind;
	AUTO(text) stem = TEXT_INIT;
	size_t ending = 0;

	text_append_bytes(&stem, name, strcspn(name, "."));
	while (ending < COUNT(endings) - 1 &&
		strcmp(name + stem.length, endings[ending]) != 0)
		ending++;
	/* Of another form altogether: YAML is what people write. */
	if (strcmp(name + stem.length, endings[ending]) != 0)
		ending = 1;
	for (size_t i = 0; i < COUNT(kinds); i++)
		names[i] = document_kind_name(kinds[i]);
	kind = suggest_nearest(stem.data, names, COUNT(names));
	if (!kind)
		return NULL;
	text_format(near, "%s%s", kind, endings[ending]);
	return near->data;
}

static bool is_read(const struct revision_entry *entries, size_t count,
	const struct revision_entry *entry)
{
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (find_chosen(entries, count, kinds[i]) == entry)
			return true;
	return false;
}

static void report_unread(struct catalog *catalog,
	const struct revision_entry *entry, struct diags *diags)
{
	AUTO(text) path = TEXT_INIT;
	AUTO(text) near = TEXT_INIT;
	struct document document;
	struct origin at;
	const char *name;

	text_format(&path, "%s/%s", folder, entry->name);
	document = (struct document){.path = path.data};
	at = document_origin(catalog, &document);
	name = nearest_name(&near, entry->name);
	if (!name)
		diag_report(diags, &at, RULE_LAYOUT_UNEXPECTED,
			"nothing reads '%s'; here stand only "
			"<kind>.schema.yaml or .json",
			at.source->path);
	else if (strcmp(name, entry->name) != 0)
		diag_report(diags, &at, RULE_LAYOUT_UNEXPECTED,
			"nothing reads '%s'; did you mean '%s'?",
			at.source->path, name);
	else
		diag_report(diags, &at, RULE_LAYOUT_UNEXPECTED,
			"nothing reads '%s'; there is another file for this "
			"kind",
			at.source->path);
}

bool custom_schemas_check(struct catalog *catalog, struct diags *diags)
{
	AUTO(arena) arena = ARENA_INIT;
	struct revision_entry *entries;
	bool good = true;
	size_t count;

	if (!revision_list(
		    catalog->revision, folder, &arena, &entries, &count, diags))
		return false;
	for (size_t i = 0; i < count; i++)
		if (entries[i].name[0] != '.' &&
			strcmp(entries[i].name, "README.md") != 0 &&
			!is_read(entries, count, &entries[i]))
			report_unread(catalog, &entries[i], diags);
	good &= custom_schemas_read(catalog, diags);
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (schemas_has_extra(catalog->schemas, kinds[i]))
			good &= schemas_prepare(
				catalog->schemas, kinds[i], diags);
	return good;
}
