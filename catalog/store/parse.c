#include "catalog/store/parse.h"

#include "catalog/document/rule_view.h"
#include "catalog/document/schemas.h"
#include "catalog/document/secrets.h"
#include "catalog/document/valid_part.h"
#include "catalog/store/custom_schemas.h"
#include "catalog/store/document.h"

#include "schema/yaml/parse.h"

bool parse_prepare(
	struct catalog *catalog, enum document_kind kind, struct diags *diags)
{
	if (catalog->schemas->of[kind].prepared)
		return true;
	return custom_schemas_read(catalog, diags) &
	       schemas_prepare(catalog->schemas, kind, diags);
}

bool parse_read(
	struct catalog *catalog, struct document *document, struct diags *diags)
{
	size_t errors = diags->errors;
	struct origin at;

	document->read = true;
	catalog->files++;
	if (!revision_read_entry(catalog->revision, document->path,
		    &document->entry, &catalog->arena, &document->source,
		    diags)) {
		document->broken = diags->list[diags->count - 1].rule;
		return false;
	}
	if (document->source)
		return true;
	/* It was listed and is gone: the working tree has changed. */
	at = document_origin(catalog, document);
	document->broken = RULE_IO_READ;
	return errors < diags->errors ||
	       diag_error(diags, &at, RULE_IO_READ, "'%s' has gone",
		       at.source->path);
}

bool parse_document(const struct catalog *catalog, struct document *document,
	struct arena *arena, struct diags *diags)
{
	size_t first = diags->count;

	if (!document->source)
		return false;
	document->root = yaml_parse(arena, document->source, diags);
	document->valid_part = document->root;
	document->broken = RULE_YAML_SYNTAX;
	if (!document->root)
		return false;
	document->valid = schemas_validate(
		catalog->schemas, document->kind, document->root, diags);
	document->broken = RULE_SCHEMA_CONSTRAINT;
	if (!document->valid)
		document->valid_part = valid_part(
			arena, document->root, diags, first);
	return document->valid;
}

void parse_digest_of(struct document *document, struct arena *arena,
	const struct node *root, const struct node *valid_part)
{
	document->root = digest(arena, document->kind, root, document->source);
	document->valid_part = valid_part == root
				       ? document->root
				       : digest(arena, document->kind,
						 valid_part, document->source);
}

/* What no rule can look for in a digest is looked for before. */
bool parse_digest(const struct catalog *catalog, struct document *document,
	struct arena *arena, struct arena *scratch, struct diags *diags)
{
	document->digested = true;
	parse_document(catalog, document, scratch, diags);
	if (document->root) {
		secrets_check(document->root, diags);
		parse_digest_of(
			document, arena, document->root, document->valid_part);
	}
	arena_reset(scratch);
	return document->valid;
}

void parse_whole(struct catalog *catalog, struct document *document)
{
	AUTO(diags) known = DIAGS_INIT;

	if (!document->digested || !document->source)
		return;
	document->root = yaml_parse(&catalog->arena, document->source, &known);
	document->digested = false;
}
