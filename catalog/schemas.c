#include "catalog/schemas.h"

#include "catalog/trusted_json.h"

#include "schema/yaml.h"

#include <assert.h>

void schemas_release(struct schemas *schemas)
{
	for (size_t i = 0; i < COUNT(schemas->of); i++)
		diags_release(&schemas->of[i].found);
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

static void prepare_ours(
	struct schemas *schemas, enum document_kind kind, struct diags *diags)
{
	struct schemas_kind *of = &schemas->of[kind];

	if (of->ours)
		return;
	of->ours = compile_ours(schemas, kind, diags);
	assert(of->ours);
}

void schemas_add(struct schemas *schemas, enum document_kind kind,
	const char *uri, const struct source *source, const struct diags *like)
{
	struct schemas_kind *of = &schemas->of[kind];

	/* Ours come first, so that no $id takes the place of one. */
	for (int each = 0; each < DOCUMENT_KINDS; each++)
		prepare_ours(schemas, (enum document_kind)each, &of->found);
	diags_copy_severities(&of->found, like);
	of->uri = arena_strdup(&schemas->arena, uri);
	of->root = yaml_parse(&schemas->arena, source, &of->found);
	if (of->root)
		jsonschema_set_add(&schemas->set, of->uri, of->root);
}

bool schemas_has_extra(const struct schemas *schemas, enum document_kind kind)
{
	return schemas->of[kind].uri != NULL;
}

bool schemas_prepare(
	struct schemas *schemas, enum document_kind kind, struct diags *diags)
{
	struct schemas_kind *of = &schemas->of[kind];

	if (of->prepared)
		return true;
	of->prepared = true;
	prepare_ours(schemas, kind, diags);
	diags_move(diags, &of->found);
	if (!of->uri)
		return true;
	if (!of->root)
		return false;
	schemas->set.formats = true;
	schemas->set.cite = true;
	of->extra = jsonschema_compile(&schemas->set, of->uri, of->root, diags);
	schemas->set.formats = false;
	schemas->set.cite = false;
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
