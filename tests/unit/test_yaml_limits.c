/*
 * YAML: merge keys, tags, and documents that are made to be too much.
 */
#include "tests/unit/unit.h"

#include "schema/base/text.h"
#include "schema/yaml/node_json.h"
#include "schema/yaml/parse.h"

/* The JSON of the tree, or "RULE LINE:COLUMN"; malloc'd. */
static char *outcome(const char *bytes, size_t length)
{
	const struct source source = {
		.path = "test.yaml", .bytes = bytes, .length = length};
	AUTO(arena) arena = ARENA_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	const struct node *root = yaml_parse(&arena, &source, &diags);
	AUTO(text) text = TEXT_INIT;
	json_auto_t *tree = NULL;

	if (root) {
		assert_int_equal(diags.errors, 0);
		tree = node_to_json(root);
		return json_dumps(tree, JSON_ENCODE_ANY | JSON_COMPACT);
	}
	assert_int_equal(diags.errors, 1);
	text_format(&text, "%s %u:%u", rule_rows[diags.list[0].rule].id,
		diags.list[0].line, diags.list[0].column);
	return text_detach(&text);
}

static void assert_outcome(const char *yaml, const char *wanted)
{
	AUTO_FREE char *got = outcome(yaml, strlen(yaml));

	assert_string_equal(got, wanted);
}

static void assert_outcome_begins(const struct text *yaml, const char *wanted)
{
	AUTO_FREE char *got = outcome(yaml->data, yaml->length);

	if (strncmp(got, wanted, strlen(wanted)))
		fail_msg("%.200s, not %s", got, wanted);
}

static void a_merge_key_takes_the_keys_of_its_map(void **state)
{
	(void)state;
	assert_outcome("[&b {x: 1, y: 2}, {<<: *b, z: 3}]",
		"[{\"x\":1,\"y\":2},{\"z\":3,\"x\":1,\"y\":2}]");
}

static void a_maps_own_keys_win_over_merged_ones(void **state)
{
	(void)state;
	assert_outcome("{<<: {x: 1, y: 2}, y: 3}", "{\"y\":3,\"x\":1}");
	assert_outcome("{y: 3, <<: {x: 1, y: 2}}", "{\"y\":3,\"x\":1}");
}

static void an_earlier_map_in_a_merged_list_wins(void **state)
{
	(void)state;
	assert_outcome("<<: [{a: 1}, {a: 2, b: 2}]", "{\"a\":1,\"b\":2}");
	assert_outcome("{<<: {a: 1}, <<: {a: 2, b: 2}}", "{\"a\":1,\"b\":2}");
	assert_outcome("<<: []", "{}");
}

static void merged_maps_may_have_merged_themselves(void **state)
{
	(void)state;
	assert_outcome("[&a {x: 1}, &b {<<: *a, y: 2}, {<<: *b, z: 3}]",
		"[{\"x\":1},{\"y\":2,\"x\":1},{\"z\":3,\"y\":2,\"x\":1}]");
}

static void a_quoted_merge_key_is_a_key_like_any_other(void **state)
{
	(void)state;
	assert_outcome("'<<': {a: 1}", "{\"<<\":{\"a\":1}}");
	assert_outcome("\"<<\": 5", "{\"<<\":5}");
	assert_outcome("{'<<': 1, <<: {a: 1}}", "{\"<<\":1,\"a\":1}");
}

static void a_merge_key_needs_maps(void **state)
{
	(void)state;
	assert_outcome("a: 1\n<<: 5", "yaml/alias 2:5");
	assert_outcome("<<: [{a: 1}, 5]", "yaml/alias 1:5");
	assert_outcome("<<: text", "yaml/alias 1:5");
}

static void a_duplicate_beside_a_merge_key_is_still_refused(void **state)
{
	(void)state;
	assert_outcome("{<<: {x: 1}, a: 1, a: 2}", "yaml/duplicate-key 1:20");
}

static void many_laughs_are_refused_and_take_no_time(void **state)
{
	AUTO(text) yaml = TEXT_INIT;

	(void)state;
	text_append(&yaml, "l0: &l0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n");
	for (int i = 1; i < 60; i++) {
		text_format(&yaml, "l%d: &l%d [", i, i);
		for (int k = 0; k < 9; k++)
			text_format(&yaml, "%s*l%d", k ? ", " : "", i - 1);
		text_append(&yaml, "]\n");
	}

	assert_outcome_begins(&yaml, "yaml/limit 6:");
}

static void laughs_as_maps_are_refused_as_well(void **state)
{
	AUTO(text) yaml = TEXT_INIT;

	(void)state;
	text_append(&yaml, "l0: &l0 {a: 1, b: 1, c: 1, d: 1}\n");
	for (int i = 1; i < 60; i++)
		text_format(&yaml,
			"l%d: &l%d {a: *l%d, b: *l%d, c: *l%d, d: *l%d}\n", i,
			i, i - 1, i - 1, i - 1, i - 1);

	assert_outcome_begins(&yaml, "yaml/limit ");
}

static void a_merge_bomb_is_refused(void **state)
{
	AUTO(text) yaml = TEXT_INIT;

	(void)state;
	for (int i = 0; i < 6; i++) {
		text_format(&yaml, "m%d: &m%d {", i, i);
		for (int k = 0; k < 1000; k++)
			text_format(&yaml, "k%d_%d: 1, ", i, k);
		text_append(&yaml, "}\n");
	}
	text_append(&yaml, "all: {<<: [*m0, *m1, *m2, *m3]}\n");
	assert_outcome_begins(&yaml, "{");
	text_append(&yaml, "more: {<<: [*m0, *m1, *m2, *m3, *m4]}\n");

	assert_outcome_begins(&yaml, "yaml/limit ");
}

static void many_maps_that_merge_one_large_map_are_refused(void **state)
{
	AUTO(text) yaml = TEXT_INIT;

	(void)state;
	text_append(&yaml, "m: &m {");
	for (int i = 0; i < 1000; i++)
		text_format(&yaml, "k%d: 1, ", i);
	text_append(&yaml, "}\n");
	for (int i = 0; i < 200; i++)
		text_format(&yaml, "u%d: {<<: *m}\n", i);

	assert_outcome_begins(&yaml, "yaml/limit ");
}

static void append_nested(struct text *yaml, int depth)
{
	text_clear(yaml);
	for (int i = 0; i < depth; i++)
		text_append_char(yaml, '[');
	for (int i = 0; i < depth; i++)
		text_append_char(yaml, ']');
}

static void nesting_is_bounded(void **state)
{
	AUTO(text) yaml = TEXT_INIT;

	(void)state;
	append_nested(&yaml, YAML_MAX_DEPTH);
	assert_outcome_begins(&yaml, "[[");

	append_nested(&yaml, YAML_MAX_DEPTH + 1);
	assert_outcome_begins(&yaml, "yaml/limit 1:65");

	append_nested(&yaml, 400000);
	assert_outcome_begins(&yaml, "yaml/limit 1:65");
}

static void a_closed_collection_does_not_count_for_depth(void **state)
{
	AUTO(text) yaml = TEXT_INIT;

	(void)state;
	for (int i = 0; i < 2 * YAML_MAX_DEPTH; i++)
		text_append(&yaml, "- [{a: []}]\n");

	assert_outcome_begins(&yaml, "[[{\"a\":[]}]");
}

static void the_number_of_anchors_is_bounded(void **state)
{
	AUTO(text) yaml = TEXT_INIT;

	(void)state;
	for (int i = 0; i < YAML_MAX_ANCHORS; i++)
		text_format(&yaml, "- &a%d x\n", i);
	assert_outcome_begins(&yaml, "[\"x\"");

	text_append(&yaml, "- &more x\n");
	assert_outcome_begins(&yaml, "yaml/limit 1001:3");
}

static void the_number_of_values_is_bounded(void **state)
{
	AUTO(text) yaml = TEXT_INIT;

	(void)state;
	for (int i = 0; i < YAML_MAX_NODES - 1; i++)
		text_append(&yaml, "- x\n");
	assert_outcome_begins(&yaml, "[\"x\"");

	text_append(&yaml, "- x\n");
	assert_outcome_begins(&yaml, "yaml/limit 200000:3");
}

static void the_size_is_bounded(void **state)
{
	AUTO(text) yaml = TEXT_INIT;

	(void)state;
	text_append(&yaml, "# ");
	while (yaml.length < YAML_MAX_BYTES)
		text_append_char(&yaml, 'x');
	assert_outcome_begins(&yaml, "null");

	text_append_char(&yaml, 'x');
	assert_outcome_begins(&yaml, "layout/size 0:0");
}

static void core_tags_are_allowed_where_they_fit(void **state)
{
	static const struct {
		const char *yaml;
		const char *outcome;
	} rows[] = {
		{"!!str 1", "\"1\""},
		{"! 1", "\"1\""},
		{"!!str true", "\"true\""},
		{"!!str", "\"\""},
		{"!!int 1", "1"},
		{"!!int '5'", "5"},
		{"!!int 0x10", "16"},
		{"!!float 1", "1"},
		{"!!float 1.5", "1.5"},
		{"!!bool true", "true"},
		{"!!null ''", "null"},
		{"!!null ~", "null"},
		{"!!map {a: 1}", "{\"a\":1}"},
		{"!!seq [1]", "[1]"},
		{"! {a: 1}", "{\"a\":1}"},
		{"! [1]", "[1]"},
		{"!<tag:yaml.org,2002:int> 7", "7"},
		{"k: !!str 022", "{\"k\":\"022\"}"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_outcome(rows[i].yaml, rows[i].outcome);
}

static void all_other_tags_are_refused(void **state)
{
	static const char *const wrong[] = {"!!int a", "!!int 1.5", "!!int ''",
		"!!float x", "!!bool yes", "!!bool 1", "!!null 0", "!foo 5",
		"!foo [1]", "!foo {a: 1}", "!!binary aaaa", "!!set {a}",
		"!!omap [a: 1]", "!!timestamp 2001-01-01", "!!merge <<",
		"!!python/object/apply:os.system [x]", "!!map [1]", "!!map 1",
		"!!seq {a: 1}", "!!seq 1", "!!str [1]", "!!str {a: 1}",
		"!!int [1]", "!<x> 1", "!Ref a"};

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		AUTO(text) yaml = TEXT_INIT;

		text_format(&yaml, "k: %s\n", wrong[i]);
		assert_outcome(yaml.data, "yaml/tag 1:4");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_merge_key_takes_the_keys_of_its_map),
		cmocka_unit_test(a_maps_own_keys_win_over_merged_ones),
		cmocka_unit_test(an_earlier_map_in_a_merged_list_wins),
		cmocka_unit_test(merged_maps_may_have_merged_themselves),
		cmocka_unit_test(a_quoted_merge_key_is_a_key_like_any_other),
		cmocka_unit_test(a_merge_key_needs_maps),
		cmocka_unit_test(
			a_duplicate_beside_a_merge_key_is_still_refused),
		cmocka_unit_test(many_laughs_are_refused_and_take_no_time),
		cmocka_unit_test(laughs_as_maps_are_refused_as_well),
		cmocka_unit_test(a_merge_bomb_is_refused),
		cmocka_unit_test(
			many_maps_that_merge_one_large_map_are_refused),
		cmocka_unit_test(nesting_is_bounded),
		cmocka_unit_test(a_closed_collection_does_not_count_for_depth),
		cmocka_unit_test(the_number_of_anchors_is_bounded),
		cmocka_unit_test(the_number_of_values_is_bounded),
		cmocka_unit_test(the_size_is_bounded),
		cmocka_unit_test(core_tags_are_allowed_where_they_fit),
		cmocka_unit_test(all_other_tags_are_refused),
	};

	return cmocka_run_group_tests_name("yaml limits", tests, NULL, NULL);
}
