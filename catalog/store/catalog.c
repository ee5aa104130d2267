#include "catalog/store/catalog.h"

#include "catalog/document/document_path.h"
#include "catalog/document/schemas.h"
#include "catalog/store/document.h"
#include "catalog/store/document_table.h"
#include "catalog/store/find_domain.h"
#include "catalog/store/find_file.h"
#include "catalog/store/parse.h"
#include "catalog/store/severities.h"

#include "schema/base/text.h"
#include "schema/bridge/bridge.h"

#include <stdlib.h>
#include <string.h>

/* The document of this id, if its file or files are there. */
static bool probe(struct catalog *catalog, enum document_kind kind,
	const char *domain, const char *id, const char *base,
	struct document **document, struct diags *diags)
{
	AUTO(text) path = TEXT_INIT;
	struct revision_entry entry;
	struct origin at;
	unsigned found;

	if (!find_file(catalog->revision, base, &path, &entry, &found, diags))
		return false;
	if (!found)
		return true;
	*document = document_add(catalog, kind, domain, id, path.data, &entry);
	if (found == 1)
		return true;
	at = document_origin(catalog, *document);
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

	document_path_append(&base, kind, domain, id);
	return probe(catalog, kind, domain, id, base.data, document, diags);
}

/* A bridge or target whose domain nobody knows. */
static bool search_domains(struct catalog *catalog, enum document_kind kind,
	const char *id, struct document **document, struct diags *diags)
{
	struct revision *revision = catalog->revision;
	AUTO(text) domain = TEXT_INIT;

	if (find_domain_cached(revision, kind, id, &domain) &&
		(!probe_domain(
			 catalog, kind, domain.data, id, document, diags) ||
			*document))
		return *document != NULL;
	text_clear(&domain);
	return find_domain(revision, kind, id, &domain, diags) &&
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
		break;
	case DOCUMENT_DOMAIN:
		domain = id;
		break;
	case DOCUMENT_TARGET:
	case DOCUMENT_BRIDGE:
		if (!domain)
			return search_domains(
				catalog, kind, id, document, diags);
		break;
	case DOCUMENT_CATALOG:
	case DOCUMENT_TUNNELS:
	case DOCUMENT_KINDS:
		return true;
	}
	document_path_append(&base, kind, domain, id);
	return probe(catalog, kind, domain, id, base.data, document, diags);
}

bool catalog_locate(struct catalog *catalog, enum document_kind kind,
	const char *reference, struct document **document, struct diags *diags)
{
	char buffer[BRIDGE_MAX_NAME + 1];
	bool has_domain;
	const char *id = document_table_split(reference, buffer, &has_domain);
	const char *domain = has_domain ? buffer : NULL;

	*document = NULL;
	if (!id || (has_domain && kind != DOCUMENT_TARGET &&
			   kind != DOCUMENT_BRIDGE))
		return true;
	*document = document_table_find(&catalog->known, kind, domain, id);
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
	struct origin at = document_origin(catalog, document);

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

	if (!find_file(
		    catalog->revision, "catalog", &path, &entry, &found, diags))
		return false;
	if (!found)
		return true;
	catalog->settings = document_add(
		catalog, DOCUMENT_CATALOG, NULL, "catalog", path.data, &entry);
	if (!catalog_read(catalog, catalog->settings, diags) &&
		catalog->settings->broken == RULE_GIT_OBJECT)
		return false;
	if (found == 1)
		return true;
	at = document_origin(catalog, catalog->settings);
	return diag_error(diags, &at, RULE_ID_DUPLICATE,
		"there are both 'catalog.yaml' and 'catalog.yml'");
}

static bool is_catalog(struct catalog *catalog, struct diags *diags)
{
	static const char *const signs[] = {
		DOCUMENT_PATH_DOMAINS, DOCUMENT_PATH_ACTORS};
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
	severities_configure(opened, diags);
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
