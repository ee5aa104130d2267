/*
 * What the official JSON Schema test suite does not cover: findings, limits.
 */
#include "tests/unit/unit.h"

#include "schema/jsonschema/jsonschema.h"
#include "schema/text.h"
#include "schema/yaml.h"

/* Validate a YAML document by a YAML schema; findings are left in diags. */
static bool validate(const struct source *schema, const struct source *document,
	struct diags *diags)
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

static void a_value_out_of_range_is_reported_at_the_value(void **state)
{
	const struct source schema = SOURCE(
		"properties: {port: {type: integer, minimum: 1, "
		"maximum: 65535}}");
	const struct source document = SOURCE("a: 1\nport: 70000\n");
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	assert_false(validate(&schema, &document, &diags));

	assert_finding(&diags, 0, "schema/range", 2, 7);
	assert_string_equal(diags.list[0].message,
		"'port' is 70000, not between 1 and 65535");
}

static void an_unknown_key_is_a_warning_with_the_nearest_key(void **state)
{
	const struct source schema = SOURCE("properties: {health_check: true}\n"
					    "additionalProperties: false");
	const struct source document = SOURCE("helth_check: 1\n");
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	assert_true(validate(&schema, &document, &diags));

	assert_finding(&diags, 0, "schema/unknown-key", 1, 1);
	assert_string_equal(diags.list[0].message,
		"unknown key 'helth_check', did you mean 'health_check'?");
}

static void one_wrong_type_is_one_message(void **state)
{
	const struct source schema = SOURCE(
		"properties: {a: {type: string, pattern: x, minLength: 3}}");
	const struct source document = SOURCE("a: [1, 2]\n");
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	assert_false(validate(&schema, &document, &diags));

	assert_int_equal(diags.count, 1);
	assert_string_equal(diags.list[0].message, "'a' is a list, not a text");
}

static void a_failed_any_of_is_reported_by_the_branch_that_fits_best(
	void **state)
{
	const struct source schema = SOURCE(
		"anyOf:\n- {type: string}\n- type: object\n"
		"  required: [url, name]\n  properties: {url: {type: string}}");
	const struct source document = SOURCE("name: x\nurl: 5\n");
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	assert_false(validate(&schema, &document, &diags));

	assert_int_equal(diags.count, 1);
	assert_finding(&diags, 0, "schema/type", 2, 6);
}

static void a_schema_that_never_gets_on_ends_with_an_error(void **state)
{
	const struct source schema = SOURCE(
		"$defs: {a: {allOf: [{$ref: '#/$defs/a'}, "
		"{$ref: '#/$defs/a'}]}}\n$ref: '#/$defs/a'");
	const struct source document = SOURCE("1");
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	assert_false(validate(&schema, &document, &diags));

	assert_true(diags.errors >= 1);
}

static void a_loop_inside_any_of_ends_with_one_error(void **state)
{
	const struct source schema = SOURCE("anyOf: [{$ref: '#'}]");
	const struct source document = SOURCE("1");
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	assert_false(validate(&schema, &document, &diags));

	assert_int_equal(diags.errors, 1);
}

static void not_a_number_is_in_no_range(void **state)
{
	const struct source schema = SOURCE("minimum: 1");
	const struct source document = SOURCE(".nan");
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	assert_false(validate(&schema, &document, &diags));

	assert_finding(&diags, 0, "schema/range", 1, 1);
}

static void a_mistake_in_an_item_is_reported_at_the_item(void **state)
{
	const struct source schema = SOURCE(
		"properties: {links: {items: {type: object, "
		"required: [url]}}}");
	const struct source document = SOURCE(
		"links:\n- {a: 1}\n- {b: 1}\n- 5\n");
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	assert_false(validate(&schema, &document, &diags));

	assert_finding(&diags, 0, "schema/required", 2, 4);
	assert_finding(&diags, 1, "schema/required", 3, 4);
	assert_finding(&diags, 2, "schema/type", 4, 3);
	assert_string_equal(diags.list[2].message,
		"an item of 'links' is a number, not a map");
}

static void many_different_lists_are_told_apart_quickly(void **state)
{
	AUTO(text) text = TEXT_INIT;
	const struct source schema = SOURCE("uniqueItems: true");
	struct source document = {.path = "test.yaml"};
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	for (int i = 0; i < 60000; i++)
		text_format(&text, "- [%d]\n", i);
	document.bytes = text.data;
	document.length = text.length;
	assert_true(validate(&schema, &document, &diags));

	text_append(&text, "- [7]\n");
	document.bytes = text.data;
	document.length = text.length;
	assert_false(validate(&schema, &document, &diags));
}

static void a_long_chain_of_references_compiles(void **state)
{
	AUTO(text) text = TEXT_INIT;
	struct source schema = {.path = "schema.yaml"};
	const struct source document = SOURCE("1");
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	text_append(&text, "$ref: '#/$defs/a0'\n$defs:\n");
	for (int i = 0; i < 20000; i++)
		text_format(&text, "  a%d: {$ref: '#/$defs/a%d'}\n", i, i + 1);
	text_append(&text, "  a20000: true\n");
	schema.bytes = text.data;
	schema.length = text.length;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_out_of_range_is_reported_at_the_value),
		cmocka_unit_test(
			an_unknown_key_is_a_warning_with_the_nearest_key),
		cmocka_unit_test(one_wrong_type_is_one_message),
		cmocka_unit_test(
			a_failed_any_of_is_reported_by_the_branch_that_fits_best),
		cmocka_unit_test(
			a_schema_that_never_gets_on_ends_with_an_error),
		cmocka_unit_test(a_loop_inside_any_of_ends_with_one_error),
		cmocka_unit_test(not_a_number_is_in_no_range),
		cmocka_unit_test(a_mistake_in_an_item_is_reported_at_the_item),
		cmocka_unit_test(many_different_lists_are_told_apart_quickly),
		cmocka_unit_test(a_long_chain_of_references_compiles),
		cmocka_unit_test(
			a_schema_that_refers_to_a_wrong_one_is_refused),
		cmocka_unit_test(a_pattern_that_never_ends_is_given_up_on),
		cmocka_unit_test(
			mistakes_in_a_schema_are_reported_at_their_own_line),
	};

	return cmocka_run_group_tests_name("json schema", tests, NULL, NULL);
}
