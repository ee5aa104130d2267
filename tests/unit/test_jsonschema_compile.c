/*
 * Schemas themselves: their mistakes, and what their patterns mean.
 */
#include "schema/jsonschema/format/hostname.h"
#include "schema/jsonschema/format/token.h"
#include "tests/unit/jsonschema.h"

#include "schema/jsonschema/format/formats.h"

#include <time.h>

static void a_long_chain_of_references_compiles(void **state)
{
	AUTO(text) text = TEXT_INIT;
	struct source schema;
	const struct source document = SOURCE("1");
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	text_append(&text, "$ref: '#/$defs/a0'\n$defs:\n");
	for (int i = 0; i < 20000; i++)
		text_format(&text, "  a%d: {$ref: '#/$defs/a%d'}\n", i, i + 1);
	text_append(&text, "  a20000: true\n");
	schema = source_of(text.data);
	/* Too deep to follow, and said so, not a crash. */
	assert_false(validate(&schema, &document, &diags));

	assert_int_equal(diags.errors, 1);
}

static void a_schema_that_refers_to_a_wrong_one_is_refused(void **state)
{
	const struct source wrong = SOURCE(
		"$id: 'urn:a'\npatternProperties: {'(': true}");
	const struct source user = SOURCE("$ref: 'urn:a'");
	AUTO(jsonschema_set) set = JSONSCHEMA_SET_INIT;
	AUTO(arena) arena = ARENA_INIT;
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	assert_null(jsonschema_compile(
		&set, NULL, yaml_parse(&arena, &wrong, &diags), &diags));
	assert_null(jsonschema_compile(
		&set, NULL, yaml_parse(&arena, &user, &diags), &diags));
}

static void mistakes_in_a_schema_are_reported_at_their_own_line(void **state)
{
	const struct source document = SOURCE("1");
	const struct source reference = SOURCE("a: 1\n$ref: '#/nowhere'");
	const struct source pattern = SOURCE("pattern: '('");
	const struct source type = SOURCE("type:\n- integr");
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	assert_false(validate(&reference, &document, &diags));
	assert_false(validate(&pattern, &document, &diags));
	assert_false(validate(&type, &document, &diags));

	assert_int_equal(diags.count, 3);
	assert_finding(&diags, 0, "schema/invalid", 2, 7);
	assert_finding(&diags, 1, "schema/invalid", 1, 10);
	assert_finding(&diags, 2, "schema/invalid", 2, 3);
}

static void a_pattern_that_never_ends_is_given_up_on(void **state)
{
	const struct source schema = SOURCE("pattern: '^(a+)+$'");
	const struct source document = SOURCE(
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab");
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	assert_false(validate(&schema, &document, &diags));

	assert_non_null(strstr(diags.list[0].message, "too long to match"));
}

/* Compile a schema that stands behind "a: 1" on line 2: what is said of it? */
static void assert_invalid(const char *keyword, const char *value)
{
	AUTO(jsonschema_set) set = {.formats = true};
	AUTO(arena) arena = ARENA_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	AUTO(text) text = TEXT_INIT;
	struct source source;
	const struct node *root;

	text_format(&text, "a: 1\n%s: %s\n", keyword, value);
	source = source_of(text.data);
	root = yaml_parse(&arena, &source, &diags);
	assert_non_null(root);
	if (jsonschema_compile(&set, NULL, root, &diags))
		fail_msg("%s: %s compiles", keyword, value);
	assert_string_equal(rule_rows[diags.list[0].rule].id, "schema/invalid");
	assert_int_equal(diags.count, 1);
	assert_int_equal(diags.list[0].line, 2);
	assert_true(diags.list[0].column > strlen(keyword));
}

static void every_keyword_with_a_malformed_value_is_refused(void **state)
{
	static const char *const rows[][2] = {
		{"$anchor", "'1a'"},
		{"$comment", "1"},
		{"$defs", "[]"},
		{"$dynamicAnchor", "''"},
		{"$dynamicRef", "1"},
		{"$id", "'x#y'"},
		{"$ref", "[]"},
		{"$schema", "1"},
		{"$schema", "'http://json-schema.org/draft-07/schema#'"},
		{"$vocabulary", "{a: 1}"},
		{"definitions", "{a: 5}"},
		{"dependencies", "{a: [1]}"},
		{"additionalProperties", "1"},
		{"allOf", "[]"},
		{"anyOf", "[]"},
		{"anyOf", "{}"},
		{"contains", "null"},
		{"dependentSchemas", "true"},
		{"if", "5"},
		{"then", "[]"},
		{"else", "x"},
		{"items", "[true]"},
		{"not", "1"},
		{"oneOf", "[1]"},
		{"patternProperties", "[]"},
		{"patternProperties", "{'(': true}"},
		{"patternProperties", "{a: 1}"},
		{"prefixItems", "{}"},
		{"properties", "[]"},
		{"properties", "{a: 1}"},
		{"propertyNames", "1"},
		{"unevaluatedItems", "1"},
		{"unevaluatedProperties", "1"},
		{"dependentRequired", "{a: b}"},
		{"dependentRequired", "{a: [b, b]}"},
		{"enum", "a"},
		{"exclusiveMaximum", "true"},
		{"exclusiveMinimum", "'1'"},
		{"maxContains", "-1"},
		{"maxItems", "1.5"},
		{"maxLength", "'1'"},
		{"maxProperties", "null"},
		{"maximum", "a"},
		{"minContains", "[]"},
		{"minItems", "-1"},
		{"minLength", "{}"},
		{"minProperties", "1.1"},
		{"minimum", "[]"},
		{"multipleOf", "0"},
		{"multipleOf", "a"},
		{"pattern", "1"},
		{"pattern", "'a**'"},
		{"required", "true"},
		{"required", "[a, 1]"},
		{"required", "[a, a]"},
		{"type", "5"},
		{"type", "[]"},
		{"type", "[string, integr]"},
		{"type", "[string, string]"},
		{"uniqueItems", "1"},
		{"format", "1"},
		{"contentEncoding", "1"},
		{"contentMediaType", "1"},
		{"contentSchema", "1"},
		{"deprecated", "1"},
		{"description", "1"},
		{"examples", "1"},
		{"readOnly", "1"},
		{"title", "1"},
		{"writeOnly", "1"},
		{"x-message", "1"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_invalid(rows[i][0], rows[i][1]);
}

static void a_name_that_is_given_twice_in_a_schema_is_refused(void **state)
{
	const struct source ids = SOURCE(
		"$defs:\n  a: {$id: 'urn:x'}\n  b: {$id: 'urn:x'}\n");
	const struct source anchors = SOURCE(
		"$defs:\n  a: {$anchor: x}\n  b: {$anchor: x}\n");
	const struct source document = SOURCE("1");
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	assert_false(validate(&ids, &document, &diags));
	assert_false(validate(&anchors, &document, &diags));

	assert_int_equal(diags.count, 2);
	assert_finding(&diags, 0, "schema/invalid", 3, 12);
	assert_finding(&diags, 1, "schema/invalid", 3, 16);
}

static void a_misspelt_keyword_is_a_warning_with_the_nearest(void **state)
{
	const struct source schema = SOURCE("requried: [a]\nx-requried: 1\n"
					    "errorMessage: 1\n");
	const struct source document = SOURCE("{}");
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	assert_true(validate(&schema, &document, &diags));

	assert_int_equal(diags.count, 1);
	assert_finding(&diags, 0, "schema/unknown-key", 1, 1);
	assert_string_equal(diags.list[0].message,
		"unknown keyword 'requried', did you mean 'required'?");
}

static bool pattern_matches(const char *pattern, const char *text)
{
	AUTO(jsonschema_set) set = JSONSCHEMA_SET_INIT;
	AUTO(arena) arena = ARENA_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	struct node *root = node_new(&arena, NODE_MAP, NULL);
	struct member member = {
		.key = node_new_string(&arena, "pattern", 7, NULL),
		.value = node_new_string(
			&arena, pattern, strlen(pattern), NULL)};
	struct jsonschema *schema;

	root->map.members = &member;
	root->map.count = 1;
	node_index(&arena, root);
	schema = jsonschema_compile(&set, NULL, root, &diags);
	if (!schema)
		fail_msg("%s: %s", pattern, diags.list[0].message);
	return jsonschema_matches(
		schema, node_new_string(&arena, text, strlen(text), NULL));
}

static void patterns_mean_what_ecma_262_says(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool matches;
	} rows[] = {
		{"^.$", "\xe2\x80\xa8", false},
		{"^.$", "\r", false},
		{"^[^]$", "\n", true},
		{"^a$", "a\n", false},
		{"[]", "a", false},
		{"a[]|b", "b", true},
		{"^[\\S]$", "\xef\xbb\xbf", false},
		{"^[^\\S]$", "\xef\xbb\xbf", true},
		{"^\\uD83D\\uDC32$", "\xf0\x9f\x90\xb2", true},
		{"^\\u{1F432}$", "\xf0\x9f\x90\xb2", true},
		{"^[\\u{1F430}-\\u{1F433}]$", "\xf0\x9f\x90\xb2", true},
		{"\\uD83D", "\xf0\x9f\x90\xb2", false},
		{"^[\\b]$", "\b", true},
		{"^(?<a>x)(?<b>y)\\k<b>\\1$", "xyyx", true},
		{"^\\k<a>(?<a>x)$", "x", true},
		{"^[[:alp]+$", "lap[:", true},
		{"^\\p{Script=Greek}\\p{Lu}$", "\xce\xb1Z", true},
		{"^\\P{L}$", "a", false},
		{"^a{2,3}?$", "aaa", true},
		{"^#a b$", "#a b", true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (pattern_matches(rows[i].pattern, rows[i].text) !=
			rows[i].matches)
			fail_msg("%s", rows[i].pattern);
}

static void what_ecma_262_does_not_know_is_no_regular_expression(void **state)
{
	static const char *const wrong[] = {"\\a", "\\A", "\\Z", "\\z", "\\Q",
		"\\h", "\\R", "\\K", "\\G", "\\_", "\\-", "a++", "a**", "a{2}+",
		"*a", "(?", "(?i)a", "(?>a)", "(?R)", "(?1)", "(?C1)", "(?#a)",
		"(?P<a>b)", "(?'a'b)", "(?|a)", "(*ACCEPT)", "(*UTF)", "(a",
		"a)", "[a", "a]", "a}", "{", "a{", "a{2,1}", "\\1", "(a)\\2",
		"\\k<a>", "\\k", "(?<a>.)(?<a>.)", "(?<1>a)", "\\u12",
		"\\u{110000}", "\\x1", "\\c1", "\\00", "\\p{Greek}",
		"\\p{letter}", "\\p{Xan}", "\\pL", "\\p{gc=Greek}", "[b-a]",
		"[[:alpha:]]", "[\\d-z]", "(?=a)*", "^*", "\\", "[\\"};

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++)
		if (format_regex(wrong[i], strlen(wrong[i])))
			fail_msg("%s is fine", wrong[i]);
}

static void a_pattern_too_hard_for_a_key_is_an_error(void **state)
{
	const struct source schema = SOURCE(
		"patternProperties: {'^(a+)+$': true}\n"
		"not: {patternProperties: {'^(a+)+$': false}}");
	const struct source document = SOURCE(
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab: 1");
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	assert_false(validate(&schema, &document, &diags));

	assert_int_equal(diags.count, 1);
	assert_non_null(strstr(diags.list[0].message, "too long to match"));
}

static void the_effort_of_all_patterns_of_a_document_is_bounded(void **state)
{
	AUTO(text) text = TEXT_INIT;
	const struct source schema = SOURCE("items: {pattern: 'a*b'}");
	struct source document;
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	for (int i = 0; i < 10; i++) {
		text_append(&text, "- ");
		for (int k = 0; k < 100000; k++)
			text_append_char(&text, 'a');
		text_append_char(&text, '\n');
	}
	document = source_of(text.data);
	assert_false(validate(&schema, &document, &diags));

	assert_int_equal(diags.count, 1);
	assert_non_null(strstr(diags.list[0].message, "too long to match"));
}

static void a_label_that_fails_late_fails_quickly(void **state)
{
	static const char label[] = "9999999999999999999999999999999999999999~";

	const clock_t before = clock();

	(void)state;
	/* Tried in 2^40 ways, each ends at PCRE2's own limit after a second. */
	for (int i = 0; i < 20; i++)
		assert_false(format_idn_hostname(label, strlen(label)));

	assert_true(clock() - before < 5 * CLOCKS_PER_SEC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_long_chain_of_references_compiles),
		cmocka_unit_test(
			a_schema_that_refers_to_a_wrong_one_is_refused),
		cmocka_unit_test(
			mistakes_in_a_schema_are_reported_at_their_own_line),
		cmocka_unit_test(a_pattern_that_never_ends_is_given_up_on),
		cmocka_unit_test(
			every_keyword_with_a_malformed_value_is_refused),
		cmocka_unit_test(
			a_name_that_is_given_twice_in_a_schema_is_refused),
		cmocka_unit_test(
			a_misspelt_keyword_is_a_warning_with_the_nearest),
		cmocka_unit_test(patterns_mean_what_ecma_262_says),
		cmocka_unit_test(
			what_ecma_262_does_not_know_is_no_regular_expression),
		cmocka_unit_test(a_pattern_too_hard_for_a_key_is_an_error),
		cmocka_unit_test(
			the_effort_of_all_patterns_of_a_document_is_bounded),
		cmocka_unit_test(a_label_that_fails_late_fails_quickly),
	};

	return cmocka_run_group_tests_name(
		"json schemas compiled", tests, NULL, NULL);
}
