#include "catalog/document/schemas.h"

#include "catalog/document/json_source.h"

#include "schema/base/text.h"
#include "schema/yaml/parse.h"

#include <assert.h>
#include <string.h>

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
		yaml_parse(&schemas->arena, source, diags), diags);
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
	if (json_source_is_json(source))
		source = json_source_make(&schemas->arena, source, &of->found);
	if (source)
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

static bool same_place(const struct diag *a, const struct diag *b)
{
	return a->line == b->line && a->column == b->column;
}

static bool same_mistake(const struct diag *a, const struct diag *b)
{
	return a->rule == b->rule && a->rule != RULE_SCHEMA_CONSTRAINT &&
	       same_place(a, b) && !a->about == !b->about &&
	       (!a->about || !strcmp(a->about, b->about));
}

/* From `second` on the organisation's schema has spoken. */
static void drop_repeated(struct diags *diags, size_t first, size_t second)
{
	AUTO_FREE bool *drop = NULL;

	if (first == second || second == diags->count)
		return;
	drop = own_alloc(diags->count - second);
	for (size_t i = second; i < diags->count; i++)
		for (size_t k = first; k < second; k++)
			drop[i - second] |= same_mistake(
				&diags->list[i], &diags->list[k]);
	diags_drop(diags, second, drop);
}

/* Of the map at this pointer, an unknown key that is like the missing one. */
static bool is_typo_of(const struct diag *unknown, const struct diag *missing)
{
	const char *slash = unknown->instance ? strrchr(unknown->instance, '/')
					      : NULL;
	size_t length;

	if (unknown->rule != RULE_SCHEMA_UNKNOWN_KEY || !slash ||
		missing->rule != RULE_SCHEMA_REQUIRED || !missing->instance ||
		!unknown->about || !missing->about ||
		strcmp(unknown->about, missing->about) != 0)
		return false;
	length = (size_t)(slash - unknown->instance);
	return !strncmp(unknown->instance, missing->instance, length) &&
	       !missing->instance[length];
}

/* The end of the message is whose schema asks for the key. */
static void join_typo(struct diags *diags, size_t unknown, size_t missing)
{
	const char *said = diags->list[unknown].message;
	const char *citation = strrchr(diags->list[missing].message, '(');
	size_t length = strlen(said);
	AUTO(text) message = TEXT_INIT;

	text_append_bytes(
		&message, said, length - (length && said[length - 1] == '?'));
	text_format(
		&message, ", which is required? %s", citation ? citation : "");
	diag_restate(diags, unknown, RULE_SCHEMA_REQUIRED, message.data);
}

/*
 * The organisation requires a key that stands there with a typo: ours has told
 * that it is unknown. Within one schema, jsonschema_validate() sees to it.
 */
static void join_typos(struct diags *diags, size_t first, size_t second)
{
	AUTO_FREE bool *drop = NULL;

	if (first == second || second == diags->count)
		return;
	drop = own_alloc(diags->count - second);
	for (size_t i = second; i < diags->count; i++)
		for (size_t k = first; k < second && !drop[i - second]; k++)
			if (is_typo_of(&diags->list[k], &diags->list[i])) {
				join_typo(diags, k, i);
				drop[i - second] = true;
			}
	diags_drop(diags, second, drop);
}

static bool is_rejected(
	const struct diags *diags, size_t first, const struct diag *value)
{
	for (size_t i = first; i < diags->count; i++)
		if (diags->list[i].severity == SEVERITY_ERROR &&
			same_place(&diags->list[i], value))
			return true;
	return false;
}

/* Of the parser's findings before `first`, how many are of this document. */
static size_t count_parsed(
	const struct diags *diags, size_t first, const char *path)
{
	size_t from = first;

	while (from && diags->list[from - 1].path &&
		!strcmp(diags->list[from - 1].path, path))
		from--;
	return first - from;
}

static void drop_ambiguous(struct diags *diags, size_t first, const char *path)
{
	size_t parsed = count_parsed(diags, first, path);
	size_t from = first - parsed;
	AUTO_FREE bool *drop = NULL;

	if (!parsed || first == diags->count)
		return;
	drop = own_alloc(diags->count - from);
	for (size_t i = from; i < first; i++)
		drop[i - from] = diags->list[i].rule == RULE_YAML_AMBIGUOUS &&
				 is_rejected(diags, first, &diags->list[i]);
	diags_drop(diags, from, drop);
}

bool schemas_validate(const struct schemas *schemas, enum document_kind kind,
	const struct node *root, struct diags *diags)
{
	const struct schemas_kind *of = &schemas->of[kind];
	size_t first = diags->count;
	bool valid = jsonschema_validate(of->ours, root, diags);
	size_t second = diags->count;

	if (of->extra && !jsonschema_validate(of->extra, root, diags))
		valid = false;
	drop_repeated(diags, first, second);
	join_typos(diags, first, second);
	if (root->at.source)
		drop_ambiguous(diags, first, root->at.source->path);
	return valid;
}
