#include "catalog/parse.h"

#include "catalog/schemas.h"

#include "schema/text.h"
#include "schema/yaml.h"

/* The organisation's own schema for a kind, or NULL. */
static const struct source *find_extra(
	struct catalog *catalog, enum document_kind kind, struct diags *diags)
{
	static const char *const endings[] = {"json", "yaml", "yml"};
	const struct source *source = NULL;

	for (size_t i = 0; !source && i < COUNT(endings); i++) {
		AUTO(text) path = TEXT_INIT;

		text_format(&path, "schemas/%s.schema.%s",
			document_kind_name(kind), endings[i]);
		if (!revision_read(catalog->revision, path.data,
			    &catalog->arena, &source, diags))
			return NULL;
	}
	return source;
}

bool parse_prepare(
	struct catalog *catalog, enum document_kind kind, struct diags *diags)
{
	if (catalog->schemas->of[kind].prepared)
		return true;
	return schemas_prepare(catalog->schemas, kind,
		find_extra(catalog, kind, diags), diags);
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
