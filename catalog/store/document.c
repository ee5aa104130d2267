#include "catalog/store/document.h"

#include "catalog/store/document_table.h"

#include "schema/base/text.h"

#include <string.h>

/* Most documents are of the same domain as the one before. */
static const char *keep_domain(struct catalog *catalog, const char *domain)
{
	if (!domain)
		return NULL;
	if (!catalog->domain || strcmp(catalog->domain, domain) != 0)
		catalog->domain = arena_strdup(&catalog->arena, domain);
	return catalog->domain;
}

struct document *document_add_new(struct catalog *catalog,
	enum document_kind kind, const char *domain, const char *id,
	const char *path, const struct revision_entry *entry)
{
	struct arena *arena = &catalog->arena;
	struct document *document = arena_alloc(arena, sizeof(*document));

	document->kind = kind;
	document->hash = document_table_hash(kind, id);
	document->path = arena_strdup(arena, path);
	document->id = arena_strdup(arena, id);
	document->domain = keep_domain(catalog, domain);
	if (entry)
		document->entry = *entry;
	document->entry.name = NULL;
	document_table_add(&catalog->known, document);
	return document;
}

struct document *document_add(struct catalog *catalog, enum document_kind kind,
	const char *domain, const char *id, const char *path,
	const struct revision_entry *entry)
{
	struct document *document = document_table_find(
		&catalog->known, kind, domain, id);

	if (document && !strcmp(document->path, path))
		return document;
	return document_add_new(catalog, kind, domain, id, path, entry);
}

struct origin document_origin(
	struct catalog *catalog, const struct document *document)
{
	AUTO(text) shown = TEXT_INIT;
	struct source *source;

	if (document->source)
		return (struct origin){.source = document->source};
	text_format(&shown, "%s%s", revision_prefix(catalog->revision),
		document->path);
	source = arena_alloc(&catalog->arena, sizeof(*source));
	source->revision = revision_id(catalog->revision);
	source->path = arena_strdup(&catalog->arena, shown.data);
	return (struct origin){.source = source};
}
