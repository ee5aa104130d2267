#include "catalog/parse.h"

#include "catalog/organisation.h"
#include "catalog/schemas.h"

#include "schema/yaml.h"

bool parse_prepare(
	struct catalog *catalog, enum document_kind kind, struct diags *diags)
{
	if (catalog->schemas->of[kind].prepared)
		return true;
	return organisation_read(catalog, diags) &
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
	at = catalog_origin(catalog, document);
	document->broken = RULE_IO_READ;
	return errors < diags->errors ||
	       diag_error(diags, &at, RULE_IO_READ, "'%s' has gone",
		       at.source->path);
}

bool parse_document(const struct catalog *catalog, struct document *document,
	struct arena *arena, struct diags *diags)
{
	if (!document->source)
		return false;
	document->root = yaml_parse(arena, document->source, diags);
	document->valid = document->root &&
			  schemas_validate(catalog->schemas, document->kind,
				  document->root, diags);
	if (!document->valid)
		document->broken = document->root ? RULE_SCHEMA_CONSTRAINT
						  : RULE_YAML_SYNTAX;
	return document->valid;
}
