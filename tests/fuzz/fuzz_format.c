/*
 * A text and the name of a `format` in front of it, on a line of its own.
 */
#include "tests/fuzz/fuzz.h"

#include "schema/base/utf8.h"
#include "schema/jsonschema/jsonschema.h"

#include <string.h>

static struct node *text_node(struct arena *arena, struct part part)
{
	return node_new_string(arena, part.bytes, part.length, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static const struct part keyword = {"format", 6};
	AUTO(arena) arena = ARENA_INIT;
	AUTO(jsonschema_set) set = JSONSCHEMA_SET_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	struct part text = {(const char *)bytes, length};
	struct node *schema = node_new(&arena, NODE_MAP, NULL);
	struct jsonschema *compiled;
	struct node *document;
	struct part name;
	bool good;

	if (utf8_valid_prefix(text.bytes, length) != length)
		return 0;
	name = fuzz_line(&text);
	schema->map.members = arena_alloc(&arena, sizeof(struct member));
	schema->map.members[0] = (struct member){
		text_node(&arena, keyword), text_node(&arena, name)};
	schema->map.count = 1;
	node_index(&arena, schema);
	document = text_node(&arena, text);
	compiled = jsonschema_compile(&set, NULL, schema, &diags);
	good = compiled && jsonschema_validate(compiled, document, &diags);
	fuzz_check_diags(&diags, good);
	return 0;
}
