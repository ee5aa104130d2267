/*
 * One document: the first byte picks the schema, the rest is YAML. What parses
 * is walked, checked against the schema, searched for secrets, and goes to
 * JSON and back.
 */
#include "catalog/document/secrets.h"
#include "tests/fuzz/fuzz.h"

#include "catalog/rules/rules.h"
#include "schema/embedded.h"
#include "schema/jsonschema/jsonschema.h"
#include "schema/yaml/node_json.h"
#include "schema/yaml/parse.h"

#include <math.h>

static struct jsonschema_set set;
static struct arena arena_of_schemas;
static const struct jsonschema *schemas[DOCUMENT_KINDS];

/* The leak checker does not look for pointers in an arena's mapped blocks. */
static void release(void)
{
	jsonschema_set_release(&set);
	arena_release(&arena_of_schemas);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	AUTO(diags) diags = DIAGS_INIT;

	(void)argc;
	(void)argv;
	for (int kind = 0; kind < DOCUMENT_KINDS; kind++) {
		const struct source *source = embedded_schema(
			(enum document_kind)kind);

		schemas[kind] = jsonschema_compile(&set, source->path,
			yaml_parse(&arena_of_schemas, source, &diags), &diags);
		REQUIRE(schemas[kind]);
	}
	atexit(release);
	return 0;
}

/* JSON cannot say .inf, and jansson reads no key with a NUL inside. */
static bool is_exact(const struct node *node)
{
	bool exact = node->kind != NODE_FLOAT || isfinite(node->number);

	if (node->kind == NODE_LIST)
		for (size_t i = 0; exact && i < node->list.count; i++)
			exact = is_exact(node->list.items[i]);
	if (node->kind == NODE_MAP)
		for (size_t i = 0; exact && i < node->map.count; i++)
			exact = node_string(node->map.members[i].key) &&
				is_exact(node->map.members[i].value);
	return exact;
}

static void check_json(const struct node *root)
{
	json_auto_t *json = node_to_json(root);
	AUTO_FREE char *dump = json_dumps(json, JSON_ENCODE_ANY);
	AUTO(arena) arena = ARENA_INIT;
	json_auto_t *again = NULL;

	REQUIRE(dump);
	if (!is_exact(root))
		return;
	REQUIRE(node_equal(root, node_from_json(&arena, json)));
	again = json_loads(dump, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	REQUIRE(json_equal(again, json));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const struct source source = {.path = "fuzz.yaml",
		.bytes = (const char *)bytes + (length > 0),
		.length = length - (length > 0)};
	AUTO(arena) arena = ARENA_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	struct node *root = yaml_parse(&arena, &source, &diags);
	bool good = root != NULL;

	fuzz_check_diags(&diags, good);
	if (root) {
		fuzz_check_tree(root, &source);
		good = jsonschema_validate(
			schemas[bytes[0] % DOCUMENT_KINDS], root, &diags);
		good = secrets_check(root, &diags) && good;
		check_json(root);
	}
	fuzz_check_diags(&diags, good);
	diags_sort(&diags);
	fuzz_check_diags(&diags, good);
	return 0;
}
