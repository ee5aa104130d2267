/*
 * A pattern and a subject, as a schema's `pattern` and `patternProperties`
 * use them. Whatever they are, the answer comes soon.
 */
#include "tests/fuzz/fuzz.h"

#include "schema/base/utf8.h"
#include "schema/jsonschema/jsonschema.h"

#include <string.h>

static struct node *text_node(struct arena *arena, struct part part)
{
	return node_new_string(arena, part.bytes, part.length, NULL);
}

static struct node *map_node(
	struct arena *arena, struct node *key, struct node *value)
{
	struct node *map = node_new(arena, NODE_MAP, NULL);

	map->map.members = arena_alloc(arena, sizeof(struct member));
	map->map.members[0] = (struct member){key, value};
	map->map.count = 1;
	node_index(arena, map);
	return map;
}

/* {keyword: value} */
static struct node *keyword(
	struct arena *arena, const char *name, struct node *value)
{
	const struct part key = {name, strlen(name)};

	return map_node(arena, text_node(arena, key), value);
}

static void match(const struct node *schema, const struct node *document)
{
	AUTO(jsonschema_set) set = JSONSCHEMA_SET_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	struct jsonschema *compiled = jsonschema_compile(
		&set, NULL, schema, &diags);
	bool good = compiled != NULL;

	fuzz_check_diags(&diags, good);
	if (!compiled)
		return;
	good = jsonschema_validate(compiled, document, &diags);
	fuzz_check_diags(&diags, good);
	REQUIRE(jsonschema_matches(compiled, document) == good);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	AUTO(arena) arena = ARENA_INIT;
	struct part rest = {(const char *)bytes, length};
	struct part pattern;
	struct part subject = {"", 0};
	struct node *text;
	struct node *never;

	fuzz_part(&rest, &pattern);
	fuzz_part(&rest, &subject);
	/* Both come out of parsed documents. */
	if (utf8_valid_prefix(pattern.bytes, pattern.length) !=
			pattern.length ||
		utf8_valid_prefix(subject.bytes, subject.length) !=
			subject.length)
		return 0;
	text = text_node(&arena, subject);
	match(keyword(&arena, "pattern", text_node(&arena, pattern)), text);
	never = node_new(&arena, NODE_BOOL, NULL);
	match(keyword(&arena, "patternProperties",
		      map_node(&arena, text_node(&arena, pattern), never)),
		map_node(&arena, text, text));
	return 0;
}
