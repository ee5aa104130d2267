/*
 * YAML text to trees: the public test suite, and what is ours - places,
 * limits, refusals.
 */
#include "tests/unit/unit.h"

#include "schema/node_json.h"
#include "schema/text.h"
#include "schema/yaml.h"

#include <jansson.h>
#include <math.h>
#include <yaml.h>

/* What we refuse beyond YAML: the suite's cases, by the rule they meet. */
static const struct {
	const char *rule;
	const char *ids;
} refused[] = {
	{"yaml/documents",
		" 35KP 6ZKB 9DXL 9KAX JHB9 KSS4 L383 PUW8 RZT7 U9NS "},
	{"yaml/tag", " 2XXW 565N 5TYM 9WXW C4HZ CC74 CUP7 J7PZ M5C3 P76L UGM3 "
		     "Z67P Z9M4 "},
	{"yaml/key", " 4FJ6 6PBE 9MMW KK5P LX3P M2N8/01 M5DY Q9WF RZP5 SBG9 "
		     "X38W XW4D "},
};

/*
 * Where libyaml 0.2.5 itself disagrees with the suite, beyond the cases that
 * the suite marks libyaml-err. The test asks libyaml alone, so that no
 * mistake of ours can hide here.
 */
static const char of_libyaml[] =
	" 2JQS 2LFX 2SXE 4ABK 4MUZ/01 4MUZ/02 5MUD 5T43 652Z "
	"6CA3 6LVF 6M2F 8XYN 96NN/00 96NN/01 9C9N 9JBA 9SA2 "
	"BEC7 CFD4 CVW2 DBG4 DK3J DK95/00 DK95/01 DK95/03 "
	"DK95/04 FP8R FRK4 G5U8 HM87/01 HWV9 JEF9/02 K3WX "
	"L24T/01 M7A3 MUS6/00 MUS6/05 MUS6/06 NJ66 Q5MG QB6E "
	"QT73 S3PD S98Z SM9W/01 SU5Z UT92 VJP3/01 W4TN Y2GN "
	"Y79Y/003 Y79Y/010 YJV2 ";

static bool is_listed(const char *ids, const char *id)
{
	AUTO(text) word = TEXT_INIT;

	text_format(&word, " %s ", id);
	return strstr(ids, word.data) != NULL;
}

static const char *refusal(const char *id)
{
	for (size_t i = 0; i < COUNT(refused); i++)
		if (is_listed(refused[i].ids, id))
			return refused[i].rule;
	return NULL;
}

/* Does libyaml, without us, take this text? */
static bool libyaml_parses(const struct source *source)
{
	yaml_parser_t parser;
	yaml_event_type_t type = YAML_NO_EVENT;
	yaml_event_t event;
	bool fine = true;

	assert_true(yaml_parser_initialize(&parser));
	yaml_parser_set_input_string(
		&parser, (const unsigned char *)source->bytes, source->length);
	while (fine && type != YAML_STREAM_END_EVENT) {
		fine = yaml_parser_parse(&parser, &event);
		type = fine ? event.type : type;
		if (fine)
			yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return fine;
}

static bool is_marked(const json_t *test, const char *mark)
{
	size_t i;
	json_t *tag;

	json_array_foreach(json_object_get(test, "tags"), i,
		tag) if (!strcmp(json_string_value(tag), mark)) return true;
	return false;
}

/* Does the tree say what the suite's JSON says? No JSON: any tree will do. */
static bool says(const struct node *root, const json_t *expected)
{
	const char *text = json_string_value(expected);
	json_auto_t *ours = node_to_json(root);
	json_auto_t *theirs = NULL;

	if (!text || !text[strspn(text, " \n")])
		return true;
	theirs = json_loads(text, JSON_DECODE_ANY, NULL);
	return theirs && json_equal(ours, theirs);
}

static bool agrees(const json_t *test)
{
	const json_t *yaml = json_object_get(test, "yaml");
	const char *id = json_string_value(json_object_get(test, "id"));
	const char *rule = refusal(id);
	const struct source source = {
		.path = id,
		.bytes = json_string_value(yaml),
		.length = json_string_length(yaml),
	};
	AUTO(arena) arena = ARENA_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	const struct node *root = yaml_parse(&arena, &source, &diags);
	const char *found =
		diags.errors ? rule_rows[diags.list[diags.count - 1].rule].id
			     : "";
	bool is_error = json_is_true(json_object_get(test, "error"));
	bool fine;

	if (is_listed(of_libyaml, id))
		return libyaml_parses(&source) == (root != NULL) &&
		       (is_error == (root != NULL) ||
			       !says(root, json_object_get(test, "json")));
	if (rule)
		fine = !root && !strcmp(found, rule);
	else if (is_error)
		fine = !root && diags.errors;
	else
		fine = root && says(root, json_object_get(test, "json"));
	if (!fine)
		print_error("%s %s: %s %s\n", id,
			json_string_value(json_object_get(test, "name")),
			root ? "parsed" : "refused",
			diags.count ? diags.list[diags.count - 1].message : "");
	return fine;
}

static void every_case_of_the_public_suite_agrees(void **state)
{
	AUTO(text) path = TEXT_INIT;
	json_auto_t *cases = NULL;
	size_t failures = 0;
	size_t ran = 0;
	size_t i;
	json_t *test;

	(void)state;
	if (!suites()) {
		print_message("no test suites here: set SUITES\n");
		skip();
	}
	text_format(&path, "%s/yaml/cases.json", suites());
	cases = json_load_file(path.data, JSON_ALLOW_NUL, NULL);
	assert_non_null(cases);

	json_array_foreach(cases, i, test)
	{
		if (is_marked(test, "libyaml-err"))
			continue;
		ran++;
		failures += !agrees(test);
	}

	print_message("%zu cases\n", ran);
	assert_true(ran > 250);
	assert_int_equal(failures, 0);
}

static struct node *parse(
	struct arena *arena, const char *text, struct diags *diags)
{
	struct source *source = arena_alloc(arena, sizeof(*source));

	source->path = "test.yaml";
	source->bytes = text;
	source->length = strlen(text);
	return yaml_parse(arena, source, diags);
}

/* The only finding is this one, and there is no tree. */
static void assert_refused(
	const char *text, const char *rule, uint32_t line, uint32_t column)
{
	AUTO(arena) arena = ARENA_INIT;
	AUTO(diags) diags = DIAGS_INIT;

	assert_null(parse(&arena, text, &diags));

	assert_int_equal(diags.count, 1);
	assert_finding(&diags, 0, rule, line, column);
}

static void keys_and_values_know_their_places_in_code_points(void **state)
{
	AUTO(arena) arena = ARENA_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	const struct node *root = parse(&arena,
		"a: 1\n\"\xc3\xa4\xf0\x9f\x98\x80\": [x, yz]\n", &diags);
	const struct member *member = node_member(
		root, "\xc3\xa4\xf0\x9f\x98\x80");
	const struct node *item;

	(void)state;
	assert_non_null(member);
	assert_int_equal(member->key->at.line, 2);
	assert_int_equal(member->key->at.column, 1);
	assert_int_equal(member->key->at.end_column, 5);
	item = member->value->list.items[1];
	assert_int_equal(item->at.column, 11);
	assert_int_equal(item->at.end_column, 13);
}

static void plain_scalars_are_typed_by_the_core_schema(void **state)
{
	static const struct {
		const char *text;
		const char *json;
	} scalars[] = {
		{"~", "null"},
		{"null", "null"},
		{"Null", "null"},
		{"true", "true"},
		{"FALSE", "false"},
		{"yes", "\"yes\""},
		{"off", "\"off\""},
		{"0", "0"},
		{"-19", "-19"},
		{"+7", "7"},
		{"022", "22"},
		{"0o17", "15"},
		{"0x1F", "31"},
		{"0b1", "\"0b1\""},
		{"1_000", "\"1_000\""},
		{"9223372036854775807", "9223372036854775807"},
		{"-9223372036854775808", "-9223372036854775808"},
		{"1.5", "1.5"},
		{".5", "0.5"},
		{"1e3", "1000.0"},
		{"1e", "\"1e\""},
		{".", "\".\""},
		{"-", "[null]"},
		{"12:30:45", "\"12:30:45\""},
		{"2026-11-24", "\"2026-11-24\""},
		{"'12'", "\"12\""},
		{"\"true\"", "\"true\""},
		{"!!str 12", "\"12\""},
		{"!!float 12", "12"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(scalars); i++) {
		AUTO(arena) arena = ARENA_INIT;
		AUTO(diags) diags = DIAGS_INIT;
		const struct node *root = parse(
			&arena, scalars[i].text, &diags);
		json_auto_t *wanted = json_loads(
			scalars[i].json, JSON_DECODE_ANY, NULL);
		json_auto_t *found = root ? node_to_json(root) : NULL;

		if (!found || !json_equal(found, wanted))
			fail_msg("%s is not %s", scalars[i].text,
				scalars[i].json);
	}
}

static void infinities_and_large_integers_are_floats(void **state)
{
	AUTO(arena) arena = ARENA_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	const struct node *root = parse(
		&arena, "[.inf, -.INF, .nan, 9223372036854775808]", &diags);

	(void)state;
	assert_true(isinf(root->list.items[0]->number));
	assert_true(root->list.items[1]->number < 0);
	assert_true(isnan(root->list.items[2]->number));
	assert_int_equal(root->list.items[3]->kind, NODE_FLOAT);
}

static void what_yaml_1_1_reads_otherwise_is_a_warning(void **state)
{
	AUTO(arena) arena = ARENA_INIT;
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	assert_non_null(
		parse(&arena, "a: yes\nb: 022\nc: 'no'\nd: 0\n", &diags));

	assert_int_equal(diags.count, 2);
	assert_int_equal(diags.warnings, 2);
	assert_finding(&diags, 0, "yaml/ambiguous", 1, 4);
	assert_finding(&diags, 1, "yaml/ambiguous", 2, 4);
}

static void a_key_that_stands_twice_is_reported_with_both_lines(void **state)
{
	AUTO(arena) arena = ARENA_INIT;
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	assert_null(parse(&arena, "a: 1\nb: 2\na: 3\n", &diags));

	assert_finding(&diags, 0, "yaml/duplicate-key", 3, 1);
	assert_non_null(strstr(diags.list[0].message, "line 1"));
}

static void what_is_refused_has_its_place(void **state)
{
	(void)state;
	assert_refused("a: 1\n---\nb: 2\n", "yaml/documents", 2, 1);
	assert_refused("a: !custom 1\n", "yaml/tag", 1, 4);
	assert_refused("? [a]\n: 1\n", "yaml/key", 1, 3);
	assert_refused("a: 1\nb: \xff\n", "yaml/encoding", 2, 4);
	assert_refused("a: *b\n", "yaml/alias", 1, 4);
	assert_refused("a: &b [*b]\n", "yaml/alias", 1, 8);
	assert_refused("a: [1\nb: 2\n", "yaml/syntax", 2, 2);
	assert_refused("a: 1\n b: 2\n", "yaml/syntax", 2, 3);
}

static void an_empty_document_is_null(void **state)
{
	AUTO(arena) arena = ARENA_INIT;
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	assert_int_equal(parse(&arena, "", &diags)->kind, NODE_NULL);
	assert_int_equal(
		parse(&arena, "# only words\n", &diags)->kind, NODE_NULL);
}

static void a_bomb_of_aliases_is_bounded(void **state)
{
	AUTO(text) text = TEXT_INIT;
	AUTO(arena) arena = ARENA_INIT;
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	text_append(&text, "a0: &a0 [x]\n");
	for (int i = 1; i < 20; i++)
		text_format(&text, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d]\n", i, i,
			i - 1, i - 1, i - 1, i - 1);
	assert_null(parse(&arena, text.data, &diags));

	assert_string_equal(rule_rows[diags.list[0].rule].id, "yaml/limit");
	assert_true(arena.total < 1024 * 1024);
}

static void nesting_is_bounded(void **state)
{
	AUTO(text) fits = TEXT_INIT;
	AUTO(text) text = TEXT_INIT;
	AUTO(arena) arena = ARENA_INIT;
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	for (int i = 0; i < YAML_MAX_DEPTH; i++)
		text_append(&fits, "[");
	text_append(&text, fits.data);
	for (int i = 0; i < YAML_MAX_DEPTH; i++)
		text_append(&fits, "]");
	text_append(&text, "[");
	assert_non_null(parse(&arena, fits.data, &diags));
	assert_null(parse(&arena, text.data, &diags));

	assert_string_equal(rule_rows[diags.list[0].rule].id, "yaml/limit");
}

static void a_document_over_a_mebibyte_is_refused(void **state)
{
	AUTO(arena) arena = ARENA_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	AUTO_FREE char *text = own_alloc(YAML_MAX_BYTES + 2);

	(void)state;
	memset(text, ' ', YAML_MAX_BYTES + 1);
	assert_null(parse(&arena, text, &diags));

	assert_string_equal(rule_rows[diags.list[0].rule].id, "layout/size");
}

static void merged_keys_never_override_written_ones(void **state)
{
	AUTO(arena) arena = ARENA_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	const struct node *root = parse(&arena,
		"x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\n"
		"z: {<<: [*x, *y], a: 3}\nq: {'<<': 1}\n",
		&diags);
	const struct node *z = node_get(root, "z");

	(void)state;
	assert_int_equal(node_get(z, "a")->integer, 3);
	assert_int_equal(node_get(z, "b")->integer, 1);
	assert_int_equal(node_get(z, "c")->integer, 2);
	assert_int_equal(z->map.count, 3);
	assert_non_null(node_get(node_get(root, "q"), "<<"));
}

static void maps_with_many_keys_are_searched_all_the_same(void **state)
{
	AUTO(text) text = TEXT_INIT;
	AUTO(arena) arena = ARENA_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	const struct node *root;

	(void)state;
	for (int i = 0; i < 1000; i++)
		text_format(&text, "k%d: %d\n", i, i);
	root = parse(&arena, text.data, &diags);

	assert_int_equal(node_get(root, "k0")->integer, 0);
	assert_int_equal(node_get(root, "k999")->integer, 999);
	assert_null(node_get(root, "k1000"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case_of_the_public_suite_agrees),
		cmocka_unit_test(
			keys_and_values_know_their_places_in_code_points),
		cmocka_unit_test(plain_scalars_are_typed_by_the_core_schema),
		cmocka_unit_test(infinities_and_large_integers_are_floats),
		cmocka_unit_test(what_yaml_1_1_reads_otherwise_is_a_warning),
		cmocka_unit_test(
			a_key_that_stands_twice_is_reported_with_both_lines),
		cmocka_unit_test(what_is_refused_has_its_place),
		cmocka_unit_test(an_empty_document_is_null),
		cmocka_unit_test(a_bomb_of_aliases_is_bounded),
		cmocka_unit_test(nesting_is_bounded),
		cmocka_unit_test(a_document_over_a_mebibyte_is_refused),
		cmocka_unit_test(merged_keys_never_override_written_ones),
		cmocka_unit_test(maps_with_many_keys_are_searched_all_the_same),
	};

	return cmocka_run_group_tests_name("yaml", tests, NULL, NULL);
}
