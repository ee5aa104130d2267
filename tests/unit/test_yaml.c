/*
 * YAML: positions, what scalars are, and everything that is refused. Whether
 * the syntax is understood is what test_yaml_suite.c asks.
 */
#include "tests/unit/unit.h"

#include "schema/base/text.h"
#include "schema/yaml/node_json.h"
#include "schema/yaml/parse.h"

#include <math.h>

struct document {
	struct source source;
	struct arena arena;
	struct diags diags;
	struct node *root;
};

static void document_release(struct document *document)
{
	arena_release(&document->arena);
	diags_release(&document->diags);
}

static void read_bytes(
	struct document *document, const char *bytes, size_t length)
{
	document->source = (struct source){
		.path = "test.yaml", .bytes = bytes, .length = length};
	document->root = yaml_parse(
		&document->arena, &document->source, &document->diags);
}

#define DOCUMENT_INIT                                                          \
	{                                                                      \
		.arena = ARENA_INIT, .diags = DIAGS_INIT                       \
	}
#define READ(document, literal)                                                \
	read_bytes(document, literal, sizeof(literal) - 1)

static void assert_tree(const char *yaml, const char *json)
{
	AUTO(document) document = DOCUMENT_INIT;
	AUTO_FREE char *got = NULL;
	json_auto_t *tree = NULL;

	read_bytes(&document, yaml, strlen(yaml));

	if (!document.root)
		fail_msg("%s: %s", yaml, finding(&document.diags, 0)->message);
	tree = node_to_json(document.root);
	got = json_dumps(tree, JSON_ENCODE_ANY | JSON_COMPACT);
	assert_string_equal(got, json);
}

/* Refused with one error at this place. */
static void assert_refused(const char *yaml, const char *rule, uint32_t line,
	uint32_t column, const char *message)
{
	AUTO(document) document = DOCUMENT_INIT;

	read_bytes(&document, yaml, strlen(yaml));

	assert_null(document.root);
	assert_int_equal(document.diags.count, 1);
	assert_finding(&document.diags, 0, rule, line, column);
	assert_string_equal(document.diags.list[0].message, message);
}

static void assert_place(const struct node *node, uint32_t line,
	uint32_t column, uint32_t end_line, uint32_t end_column)
{
	assert_non_null(node);
	assert_int_equal(node->at.line, line);
	assert_int_equal(node->at.column, column);
	assert_int_equal(node->at.end_line, end_line);
	assert_int_equal(node->at.end_column, end_column);
}

static void keys_and_values_know_where_they_stand(void **state)
{
	AUTO(document) document = DOCUMENT_INIT;
	const struct member *member;

	(void)state;
	READ(&document, "# head\nport: 8000\nlist:\n  - one\n  - \"two\"\n");

	member = node_member(document.root, "port");
	assert_non_null(member);
	assert_place(member->key, 2, 1, 2, 5);
	assert_place(member->value, 2, 7, 2, 11);
	member = node_member(document.root, "list");
	assert_non_null(member);
	assert_place(member->value->list.items[0], 4, 5, 4, 8);
	assert_place(member->value->list.items[1], 5, 5, 5, 10);
}

static void columns_count_characters_and_not_bytes(void **state)
{
	AUTO(document) document = DOCUMENT_INIT;

	(void)state;
	READ(&document, "{\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\": 1, b: 2}");

	assert_place(node_get(document.root, "b"), 1, 15, 1, 16);
}

static void a_block_ends_where_its_last_child_ends(void **state)
{
	AUTO(document) document = DOCUMENT_INIT;

	(void)state;
	READ(&document, "a:\n  b: 1\n  c: [1,\n    2]\n\n\nd: 1\n");

	assert_place(node_get(document.root, "a"), 2, 3, 4, 7);
}

static void plain_scalars_are_typed_by_the_core_schema(void **state)
{
	static const struct {
		const char *yaml;
		const char *json;
	} rows[] = {
		{"", "null"},
		{"~", "null"},
		{"null", "null"},
		{"Null", "null"},
		{"NULL", "null"},
		{"nUll", "\"nUll\""},
		{"nulls", "\"nulls\""},
		{"true", "true"},
		{"True", "true"},
		{"TRUE", "true"},
		{"tRUE", "\"tRUE\""},
		{"false", "false"},
		{"False", "false"},
		{"FALSE", "false"},
		{"falsey", "\"falsey\""},
		{"yes", "\"yes\""},
		{"off", "\"off\""},
		{"0", "0"},
		{"-0", "0"},
		{"+12", "12"},
		{"-19", "-19"},
		{"022", "22"},
		{"0o17", "15"},
		{"0o18", "\"0o18\""},
		{"0o", "\"0o\""},
		{"-0o17", "\"-0o17\""},
		{"0x3A", "58"},
		{"0xfF", "255"},
		{"0xg", "\"0xg\""},
		{"0x", "\"0x\""},
		{"-0x1", "\"-0x1\""},
		{"0b11", "\"0b11\""},
		{"1_000", "\"1_000\""},
		{"1:30", "\"1:30\""},
		{"2001-01-01", "\"2001-01-01\""},
		{"127.0.0.1", "\"127.0.0.1\""},
		{"9223372036854775807", "9223372036854775807"},
		{"-9223372036854775808", "-9223372036854775808"},
		{"9223372036854775808", "9.2233720368547758e18"},
		{"-9223372036854775809", "-9.2233720368547758e18"},
		{"0.5", "0.5"},
		{".5", "0.5"},
		{"-.5", "-0.5"},
		{"5.", "5.0"},
		{"1e3", "1000.0"},
		{"+12e-1", "1.2"},
		{"1.5E+1", "15.0"},
		{"1e", "\"1e\""},
		{"1e+", "\"1e+\""},
		{"1.2.3", "\"1.2.3\""},
		{".", "\".\""},
		{"..", "\"..\""},
		{"-", "[null]"},
		{"+", "\"+\""},
		{"-.", "\"-.\""},
		{".e1", "\".e1\""},
		{".inf", "null"},
		{"-.INF", "null"},
		{"+.Inf", "null"},
		{".nan", "null"},
		{"-.nan", "\"-.nan\""},
		{".iNf", "\".iNf\""},
		{"'1'", "\"1\""},
		{"\"true\"", "\"true\""},
		{"|\n  1\n", "\"1\\n\""},
		{">-\n  1\n", "\"1\""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_tree(rows[i].yaml, rows[i].json);
}

static double number_of(const char *yaml)
{
	AUTO(document) document = DOCUMENT_INIT;

	read_bytes(&document, yaml, strlen(yaml));
	assert_non_null(document.root);
	assert_int_equal(document.root->kind, NODE_FLOAT);
	return document.root->number;
}

static void infinities_and_not_a_number_are_numbers(void **state)
{
	(void)state;
	assert_true(isinf(number_of(".inf")) && number_of(".inf") > 0);
	assert_true(isinf(number_of("+.Inf")) && number_of("+.Inf") > 0);
	assert_true(isinf(number_of("-.INF")) && number_of("-.INF") < 0);
	assert_true(isnan(number_of(".nan")));
}

static void what_yaml_1_1_reads_otherwise_is_a_warning(void **state)
{
	static const char *const words[] = {"yes", "Yes", "YES", "no", "No",
		"NO", "on", "On", "ON", "off", "Off", "OFF", "022", "-07",
		"+017", "00"};

	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		AUTO(document) document = DOCUMENT_INIT;
		AUTO(text) yaml = TEXT_INIT;

		text_format(&yaml, "a: 1\nkey: %s\n", words[i]);
		read_bytes(&document, yaml.data, yaml.length);

		assert_non_null(document.root);
		assert_int_equal(document.diags.count, 1);
		assert_int_equal(document.diags.warnings, 1);
		assert_finding(&document.diags, 0, "yaml/ambiguous", 2, 6);
	}
}

static void what_every_yaml_reads_alike_is_no_warning(void **state)
{
	static const char *const words[] = {"'yes'", "\"off\"", "!!str no", "0",
		"10", "-1", "08", "0.5", "true", "nope", "offset", "y", "n",
		"0o17", "|-\n  yes", "2022"};

	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		AUTO(document) document = DOCUMENT_INIT;
		AUTO(text) yaml = TEXT_INIT;

		text_format(&yaml, "key: %s\n", words[i]);
		read_bytes(&document, yaml.data, yaml.length);

		assert_non_null(document.root);
		if (document.diags.count)
			fail_msg("%s: %s", words[i],
				document.diags.list[0].message);
	}
}

static void an_ambiguous_scalar_says_what_the_others_read(void **state)
{
	AUTO(document) document = DOCUMENT_INIT;

	(void)state;
	READ(&document, "[yes, 022]");

	assert_string_equal(finding(&document.diags, 0)->message,
		"'yes' is a text here, but a boolean to YAML 1.1 tools; quote "
		"it or write it otherwise");
	assert_string_equal(finding(&document.diags, 1)->message,
		"'022' is a decimal number here, but an octal number to YAML "
		"1.1 tools; quote it or write it otherwise");
}

static void a_key_that_stands_twice_is_refused_with_both_lines(void **state)
{
	(void)state;
	assert_refused("a: 1\nb: 2\n\na: 3\n", "yaml/duplicate-key", 4, 1,
		"key 'a' stands already in line 1; remove one");
	assert_refused("x:\n  - {k: 1, k: 2}\n", "yaml/duplicate-key", 2, 12,
		"key 'k' stands already in line 2; remove one");
	assert_refused("1: a\n'1': b\n", "yaml/duplicate-key", 2, 1,
		"key '1' stands already in line 1; remove one");
}

static void a_key_among_many_that_stands_twice_is_refused(void **state)
{
	AUTO(text) yaml = TEXT_INIT;

	(void)state;
	for (int i = 0; i < 500; i++)
		text_format(&yaml, "key%d: %d\n", i, i);
	text_append(&yaml, "key250: again\n");

	assert_refused(yaml.data, "yaml/duplicate-key", 501, 1,
		"key 'key250' stands already in line 251; remove one");
}

static void keys_become_texts(void **state)
{
	(void)state;
	assert_tree("1: a\ntrue: b\n~: c\n1.5: d\n0x10: e\n",
		"{\"1\":\"a\",\"true\":\"b\",\"\":\"c\",\"1.5\":\"d\","
		"\"16\":\"e\"}");
	assert_refused("a: 1\n[b, c]: 2\n", "yaml/key", 2, 1,
		"a key must be a text, not a list");
	assert_refused("? {a: 1}\n: 2\n", "yaml/key", 1, 3,
		"a key must be a text, not a map");
}

static void keys_with_nuls_inside_are_told_apart(void **state)
{
	AUTO(document) document = DOCUMENT_INIT;

	(void)state;
	READ(&document, "\"a\\0b\": 1\n\"a\\0c\": 2\n");

	assert_non_null(document.root);
	assert_int_equal(node_get_bytes(document.root, "a\0c", 3)->integer, 2);
	assert_null(node_get(document.root, "a"));
}

static void an_empty_document_is_null(void **state)
{
	AUTO(document) document = DOCUMENT_INIT;

	(void)state;
	assert_tree("", "null");
	assert_tree("# nothing here\n\n", "null");
	assert_tree("---\n", "null");
	READ(&document, "");
	assert_place(document.root, 1, 1, 1, 1);
}

static void a_second_document_is_refused_where_it_begins(void **state)
{
	static const char message[] =
		"a second document begins here; one file holds one document";

	(void)state;
	assert_refused("a: 1\n---\nb: 2\n", "yaml/documents", 2, 1, message);
	assert_refused("---\n---\n", "yaml/documents", 2, 1, message);
	assert_tree("---\na: 1\n...\n", "{\"a\":1}");
}

static void bytes_that_are_not_utf8_are_refused_with_their_place(void **state)
{
	(void)state;
	assert_refused("a: 1\n'\xc3\xa4': \xff\n", "yaml/encoding", 2, 6,
		"byte 0xff is not UTF-8; save the file as UTF-8");
	assert_refused("a: \xc0\xaf\n", "yaml/encoding", 1, 4,
		"byte 0xc0 is not UTF-8; save the file as UTF-8");
	assert_refused("# \xed\xa0\x80\n", "yaml/encoding", 1, 3,
		"byte 0xed is not UTF-8; save the file as UTF-8");
	assert_refused("a: \xe2\x82", "yaml/encoding", 1, 4,
		"byte 0xe2 is not UTF-8; save the file as UTF-8");
}

static void control_characters_are_refused_with_their_place(void **state)
{
	AUTO(document) nul = DOCUMENT_INIT;

	(void)state;
	assert_refused("\xc3\xa4: \x1b[31m", "yaml/encoding", 1, 4,
		"control characters are not allowed");
	READ(&nul, "a: 1\nb: 2\0");
	assert_null(nul.root);
	assert_finding(&nul.diags, 0, "yaml/encoding", 2, 5);
}

static void a_byte_order_mark_is_no_part_of_the_first_key(void **state)
{
	(void)state;
	assert_tree("\xef\xbb\xbf"
		    "a: 1\n",
		"{\"a\":1}");
	assert_tree("\xef\xbb\xbf"
		    "a: 1\nb: 2\n",
		"{\"a\":1,\"b\":2}");
	assert_tree("\xef\xbb\xbf"
		    "---\na: 1\n",
		"{\"a\":1}");
}

static void a_byte_order_mark_counts_as_bytes_and_as_no_column(void **state)
{
	AUTO(document) document = DOCUMENT_INIT;

	(void)state;
	READ(&document, "\xef\xbb\xbf"
			"a: yes\n");

	assert_non_null(document.root);
	assert_place(document.root->map.members[0].key, 1, 1, 1, 2);
	assert_int_equal(document.diags.count, 1);
	assert_int_equal(document.diags.list[0].column, 4);
	assert_int_equal(document.diags.list[0].byte, 7);
	assert_string_equal(document.diags.list[0].excerpt, "a: yes");
}

static void only_what_git_and_editors_break_ends_a_line(void **state)
{
	AUTO(document) document = DOCUMENT_INIT;

	(void)state;
	READ(&document, "# \xe2\x80\xa8 no break \xc2\x85\n"
			"a: \"x\xe2\x80\xa9y\xc2\x85z\xee\x80\x80\"\n"
			"b: no\n");

	assert_non_null(document.root);
	assert_place(document.root->map.members[1].key, 3, 1, 3, 2);
	assert_string_equal(node_string(document.root->map.members[0].value),
		"x\xe2\x80\xa9y\xc2\x85z\xee\x80\x80");
	assert_string_equal(document.diags.list[0].excerpt, "b: no");
}

static void a_single_carriage_return_ends_a_line(void **state)
{
	AUTO(document) document = DOCUMENT_INIT;

	(void)state;
	READ(&document, "a: 1\rb: 2\r\nc: no\r");

	assert_non_null(document.root);
	assert_place(document.root->map.members[2].key, 3, 1, 3, 2);
	assert_string_equal(document.diags.list[0].excerpt, "c: no");
}

static void what_is_not_closed_is_told_where_it_begins(void **state)
{
	(void)state;
	assert_refused("a: 1\nb: \"x\nc: 2\nd: 3\n", "yaml/syntax", 2, 4,
		"found unexpected end of stream (while scanning a quoted "
		"scalar that begins here)");
	assert_refused("a: 1\nb: [x, y\n", "yaml/syntax", 2, 4,
		"did not find expected ',' or ']' (while parsing a flow "
		"sequence that begins here)");
	assert_refused("a: 1\nb 2\nc: 3\n", "yaml/syntax", 2, 1,
		"could not find expected ':' (while scanning a simple key "
		"that begins here)");
}

static void no_error_stands_below_the_last_line(void **state)
{
	(void)state;
	assert_refused("a: {b: \n\n", "yaml/syntax", 1, 7,
		"did not find expected node content");
}

static void syntax_errors_name_the_place_and_the_context(void **state)
{
	(void)state;
	assert_refused("a: [1\nb: 2\n", "yaml/syntax", 2, 2,
		"did not find expected ',' or ']' (while parsing a flow "
		"sequence that begins at line 1)");
	assert_refused("a: b: c\n", "yaml/syntax", 1, 5,
		"mapping values are not allowed in this context");
}

static void aliases_share_what_their_anchor_names(void **state)
{
	AUTO(document) document = DOCUMENT_INIT;

	(void)state;
	assert_tree("a: &x [1]\nb: *x\n", "{\"a\":[1],\"b\":[1]}");
	assert_tree("- &x 1\n- &x 2\n- *x\n", "[1,2,2]");
	READ(&document, "a: &x [1]\nb: *x\n");
	assert_ptr_equal(
		node_get(document.root, "a"), node_get(document.root, "b"));
}

static void an_alias_needs_a_complete_anchor_before_it(void **state)
{
	(void)state;
	assert_refused("a: &x [1, *x]\n", "yaml/alias", 1, 11,
		"alias 'x' stands inside its own anchor");
	assert_refused("&x {a: {b: *x}}\n", "yaml/alias", 1, 12,
		"alias 'x' stands inside its own anchor");
	assert_refused("a: *x\nb: &x 1\n", "yaml/alias", 1, 4,
		"alias 'x' has no anchor before it");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_and_values_know_where_they_stand),
		cmocka_unit_test(columns_count_characters_and_not_bytes),
		cmocka_unit_test(a_block_ends_where_its_last_child_ends),
		cmocka_unit_test(plain_scalars_are_typed_by_the_core_schema),
		cmocka_unit_test(infinities_and_not_a_number_are_numbers),
		cmocka_unit_test(what_yaml_1_1_reads_otherwise_is_a_warning),
		cmocka_unit_test(what_every_yaml_reads_alike_is_no_warning),
		cmocka_unit_test(an_ambiguous_scalar_says_what_the_others_read),
		cmocka_unit_test(
			a_key_that_stands_twice_is_refused_with_both_lines),
		cmocka_unit_test(a_key_among_many_that_stands_twice_is_refused),
		cmocka_unit_test(keys_become_texts),
		cmocka_unit_test(keys_with_nuls_inside_are_told_apart),
		cmocka_unit_test(an_empty_document_is_null),
		cmocka_unit_test(a_second_document_is_refused_where_it_begins),
		cmocka_unit_test(
			bytes_that_are_not_utf8_are_refused_with_their_place),
		cmocka_unit_test(
			control_characters_are_refused_with_their_place),
		cmocka_unit_test(a_byte_order_mark_is_no_part_of_the_first_key),
		cmocka_unit_test(
			a_byte_order_mark_counts_as_bytes_and_as_no_column),
		cmocka_unit_test(only_what_git_and_editors_break_ends_a_line),
		cmocka_unit_test(a_single_carriage_return_ends_a_line),
		cmocka_unit_test(what_is_not_closed_is_told_where_it_begins),
		cmocka_unit_test(no_error_stands_below_the_last_line),
		cmocka_unit_test(syntax_errors_name_the_place_and_the_context),
		cmocka_unit_test(aliases_share_what_their_anchor_names),
		cmocka_unit_test(an_alias_needs_a_complete_anchor_before_it),
	};

	return cmocka_run_group_tests_name("yaml", tests, NULL, NULL);
}
