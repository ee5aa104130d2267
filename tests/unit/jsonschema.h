/*
 * What the tests of JSON Schema share.
 */
#ifndef TESTS_UNIT_JSONSCHEMA_H
#define TESTS_UNIT_JSONSCHEMA_H

#include "tests/unit/unit.h"

#include "schema/base/text.h"
#include "schema/jsonschema/jsonschema.h"
#include "schema/yaml/parse.h"

/* Validate a YAML document by a YAML schema; findings are left in diags. */
static inline bool validate(const struct source *schema,
	const struct source *document, struct diags *diags)
{
	AUTO(jsonschema_set) set = JSONSCHEMA_SET_INIT;
	AUTO(arena) arena = ARENA_INIT;
	const struct node *root = yaml_parse(&arena, schema, diags);
	const struct node *data = yaml_parse(&arena, document, diags);
	struct jsonschema *compiled;

	assert_non_null(root);
	assert_non_null(data);
	compiled = jsonschema_compile(&set, NULL, root, diags);
	return compiled && jsonschema_validate(compiled, data, diags);
}

#endif
