#include "catalog/store/catalog.h"

#include "catalog/document/schemas.h"
#include "catalog/rules/rules.h"
#include "catalog/store/document_table.h"
#include "catalog/store/find_domain.h"
#include "catalog/store/parse.h"

#include "schema/base/text.h"
#include "schema/bridge/bridge.h"

#include <stdlib.h>
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

struct document *catalog_add_new(struct catalog *catalog,
	enum document_kind kind, const char *domain, const char *id,
	const char *path, const struct revision_entry *entry)
{
	struct arena *arena = &catalog->arena;
	struct document *document = arena_alloc(arena, sizeof(*document));

	document->kind = kind;
	document->hash = known_hash(kind, id);
	document->path = arena_strdup(arena, path);
	document->id = arena_strdup(arena, id);
	document->domain = keep_domain(catalog, domain);
	if (entry)
		document->entry = *entry;
	document->entry.name = NULL;
	known_add(&catalog->known, document);
	return document;
}

struct document *catalog_add(struct catalog *catalog, enum document_kind kind,
	const char *domain, const char *id, const char *path,
	const struct revision_entry *entry)
{
	struct document *document = known_find(
		&catalog->known, kind, domain, id);

	if (document && !strcmp(document->path, path))
		return document;
	return catalog_add_new(catalog, kind, domain, id, path, entry);
}

struct origin catalog_origin(
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

/* The document of this id, if its file or files are there. */
static bool probe(struct catalog *catalog, enum document_kind kind,
	const char *domain, const char *id, const char *base,
	struct document **document, struct diags *diags)
{
	AUTO(text) path = TEXT_INIT;
	struct revision_entry entry;
	struct origin at;
	unsigned found;

	if (!locate_file(catalog->revision, base, &path, &entry, &found, diags))
		return false;
	if (!found)
		return true;
	*document = catalog_add(catalog, kind, domain, id, path.data, &entry);
	if (found == 1)
		return true;
	at = catalog_origin(catalog, *document);
	*document = NULL;
	return diag_error(diags, &at, RULE_ID_DUPLICATE,
		"'%s' is defined twice: in '%s.yaml' and in '%s.yml'", id, base,
		base);
}

static bool probe_domain(struct catalog *catalog, enum document_kind kind,
	const char *domain, const char *id, struct document **document,
	struct diags *diags)
{
	AUTO(text) base = TEXT_INIT;

	text_format(&base, "domains/%s/%s/%s", domain, locate_folder(kind), id);
	return probe(catalog, kind, domain, id, base.data, document, diags);
}

/* A bridge or target whose domain nobody knows. */
static bool search(struct catalog *catalog, enum document_kind kind,
	const char *id, struct document **document, struct diags *diags)
{
	struct revision *revision = catalog->revision;
	AUTO(text) domain = TEXT_INIT;

	if (locate_guess(revision, kind, id, &domain) &&
		(!probe_domain(
			 catalog, kind, domain.data, id, document, diags) ||
			*document))
		return *document != NULL;
	text_clear(&domain);
	return locate_domain(revision, kind, id, &domain, diags) &&
	       (!domain.length || probe_domain(catalog, kind, domain.data, id,
					  document, diags));
}

static bool locate(struct catalog *catalog, enum document_kind kind,
	const char *domain, const char *id, struct document **document,
	struct diags *diags)
{
	AUTO(text) base = TEXT_INIT;

	switch (kind) {
	case DOCUMENT_ACTOR:
		text_format(&base, "actors/%s", id);
		break;
	case DOCUMENT_DOMAIN:
		text_format(&base, "domains/%s/domain", id);
		domain = id;
		break;
	case DOCUMENT_TARGET:
	case DOCUMENT_BRIDGE:
		if (domain)
			return probe_domain(
				catalog, kind, domain, id, document, diags);
		return search(catalog, kind, id, document, diags);
	case DOCUMENT_CATALOG:
	case DOCUMENT_TUNNELS:
	case DOCUMENT_KINDS:
		return true;
	}
	return probe(catalog, kind, domain, id, base.data, document, diags);
}

bool catalog_locate(struct catalog *catalog, enum document_kind kind,
	const char *reference, struct document **document, struct diags *diags)
{
	char buffer[BRIDGE_MAX_NAME + 1];
	bool has_domain;
	const char *id = known_split(reference, buffer, &has_domain);
	const char *domain = has_domain ? buffer : NULL;

	*document = NULL;
	if (!id || (has_domain && kind != DOCUMENT_TARGET &&
			   kind != DOCUMENT_BRIDGE))
		return true;
	*document = known_find(&catalog->known, kind, domain, id);
	if (*document && (*document)->missing)
		*document = NULL;
	if (*document || catalog->listed)
		return true;
	return locate(catalog, kind, domain, id, document, diags);
}

bool catalog_find(struct catalog *catalog, enum document_kind kind,
	const char *id, struct document **document, struct diags *diags)
{
	if (!catalog_locate(catalog, kind, id, document, diags))
		return false;
	return !*document || catalog_read(catalog, *document, diags);
}

static bool not_valid(
	struct catalog *catalog, struct document *document, struct diags *diags)
{
	struct origin at = catalog_origin(catalog, document);

	return diag_error(diags, &at, document->broken,
		"'%s' cannot be used: it has errors", at.source->path);
}

bool catalog_read(
	struct catalog *catalog, struct document *document, struct diags *diags)
{
	if (document->read && !document->valid)
		return not_valid(catalog, document, diags);
	if (document->read) {
		parse_whole(catalog, document);
		return true;
	}
	parse_prepare(catalog, document->kind, diags);
	parse_read(catalog, document, diags);
	return parse_document(catalog, document, &catalog->arena, diags);
}

static bool read_settings(struct catalog *catalog, struct diags *diags)
{
	AUTO(text) path = TEXT_INIT;
	struct revision_entry entry;
	struct origin at;
	unsigned found;

	if (!locate_file(
		    catalog->revision, "catalog", &path, &entry, &found, diags))
		return false;
	if (!found)
		return true;
	catalog->settings = catalog_add(
		catalog, DOCUMENT_CATALOG, NULL, "catalog", path.data, &entry);
	if (!catalog_read(catalog, catalog->settings, diags) &&
		catalog->settings->broken == RULE_GIT_OBJECT)
		return false;
	if (found == 1)
		return true;
	at = catalog_origin(catalog, catalog->settings);
	return diag_error(diags, &at, RULE_ID_DUPLICATE,
		"there are both 'catalog.yaml' and 'catalog.yml'");
}

static bool is_catalog(struct catalog *catalog, struct diags *diags)
{
	static const char *const signs[] = {"domains", "actors"};
	struct revision *revision = catalog->revision;
	const char *prefix = revision_prefix(revision);
	struct revision_entry entry;
	bool found = catalog->settings != NULL;

	for (size_t i = 0; !found && i < COUNT(signs); i++)
		if (!revision_lookup(revision, signs[i], &entry, &found, diags))
			return false;
	if (found)
		return true;
	return diag_error(diags, NULL, RULE_CATALOG_MISSING,
		"there is no catalog here: neither '%sdomains/' nor "
		"'%sopscatalog/domains/' is in revision '%s'",
		prefix, prefix, revision_name(revision));
}

bool catalog_open(struct catalog **catalog, struct revision *revision,
	struct diags *diags)
{
	struct catalog *opened = own_alloc(sizeof(*opened));

	*catalog = NULL;
	opened->revision = revision;
	opened->schemas = own_alloc(sizeof(*opened->schemas));
	if (!read_settings(opened, diags) || !is_catalog(opened, diags)) {
		catalog_close(opened);
		return false;
	}
	rules_configure(opened, diags);
	*catalog = opened;
	return true;
}

void catalog_close(struct catalog *catalog)
{
	if (!catalog)
		return;
	for (size_t kind = 0; kind < DOCUMENT_KINDS; kind++)
		free(catalog->of[kind].list);
	free(catalog->known.list);
	free(catalog->blobs.list);
	diags_release(&catalog->said);
	schemas_release(catalog->schemas);
	free(catalog->schemas);
	for (size_t i = 0; i < catalog->arena_count; i++)
		arena_release(&catalog->arenas[i]);
	free(catalog->arenas);
	arena_release(&catalog->arena);
	revision_close(catalog->revision);
	free(catalog);
}

bool catalog_validate(struct catalog *catalog, struct diags *diags)
{
	bool good = rules_configure(catalog, diags);

	good &= catalog_load(catalog, diags);
	good &= rules_check(catalog, diags);
	return good;
}
