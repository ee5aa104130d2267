/*
 * A schema that somebody else wrote, in YAML or JSON, and behind the cut the
 * document that it is applied to.
 */
#include "tests/fuzz/fuzz.h"

#include "schema/jsonschema/jsonschema.h"
#include "schema/yaml/parse.h"

static struct node *parse(struct arena *arena, struct source *source,
	const char *path, struct part part, struct diags *diags)
{
	*source = (struct source){
		.path = path, .bytes = part.bytes, .length = part.length};
	return yaml_parse(arena, source, diags);
}

static void validate(const struct jsonschema *schema,
	const struct node *document, struct diags *diags)
{
	size_t before = diags->errors;
	bool good = jsonschema_validate(schema, document, diags);

	fuzz_check_diags(diags, good);
	/* The quick answer may only differ about what is a warning. */
	if (diags->errors == before && !diags->warnings)
		REQUIRE(jsonschema_matches(schema, document) == good);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	AUTO(arena) arena = ARENA_INIT;
	AUTO(jsonschema_set) set = JSONSCHEMA_SET_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	struct part rest = {(const char *)bytes, length};
	struct part text;
	struct part instance = {"{a: 1}", 6};
	struct source sources[2];
	struct jsonschema *schema = NULL;
	const struct node *document;
	const struct node *root;

	fuzz_part(&rest, &text);
	fuzz_part(&rest, &instance);
	root = parse(&arena, &sources[0], "s.json", text, &diags);
	document = parse(&arena, &sources[1], "d.yaml", instance, &diags);
	if (!root)
		return 0;
	schema = jsonschema_compile(&set, "s.json", root, &diags);
	fuzz_check_diags(&diags, schema != NULL);
	if (schema && document)
		validate(schema, document, &diags);
	return 0;
}
