#include "catalog/schemas.h"

#include "catalog/trusted_json.h"

#include "schema/yaml.h"

#include <assert.h>

void schemas_release(struct schemas *schemas)
{
	jsonschema_set_release(&schemas->set);
	arena_release(&schemas->arena);
	*schemas = (struct schemas)SCHEMAS_INIT;
}

static const struct jsonschema *compile_ours(
	struct schemas *schemas, enum document_kind kind, struct diags *diags)
{
	const struct source *source = embedded_schema(kind);

	return jsonschema_compile(&schemas->set, source->path,
		trusted_json(&schemas->arena, source), diags);
}

static const struct jsonschema *compile_extra(struct schemas *schemas,
	const struct source *source, struct diags *diags)
{
	const struct node *root = yaml_parse(&schemas->arena, source, diags);

	if (!root)
		return NULL;
	return jsonschema_compile(&schemas->set, source->path, root, diags);
}

bool schemas_prepare(struct schemas *schemas, enum document_kind kind,
	const struct source *extra, struct diags *diags)
{
	struct schemas_kind *of = &schemas->of[kind];

	if (of->prepared)
		return true;
	of->prepared = true;
	of->ours = compile_ours(schemas, kind, diags);
	assert(of->ours);
	if (!extra)
		return true;
	of->extra = compile_extra(schemas, extra, diags);
	return of->extra != NULL;
}

bool schemas_validate(const struct schemas *schemas, enum document_kind kind,
	const struct node *root, struct diags *diags)
{
	const struct schemas_kind *of = &schemas->of[kind];
	bool valid = jsonschema_validate(of->ours, root, diags);

	if (of->extra && !jsonschema_validate(of->extra, root, diags))
		valid = false;
	return valid;
}
