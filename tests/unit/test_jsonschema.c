/*
 * What the official JSON Schema test suite does not cover: findings, limits.
 */
#include "tests/unit/jsonschema.h"

/* The messages, each on a line, sorted as they come. */
static void assert_said(const char *schema_text, const char *document_text,
	const char *messages)
{
	const struct source schema = source_of(schema_text);
	const struct source document = source_of(document_text);
	AUTO(diags) diags = DIAGS_INIT;
	AUTO(text) said = TEXT_INIT;

	assert_false(validate(&schema, &document, &diags));

	for (size_t i = 0; i < diags.count; i++)
		text_format(
			&said, "%s%s", i ? "\n" : "", diags.list[i].message);
	assert_string_equal(said.data, messages);
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
	(void)state;
	assert_said("properties: {a: {type: string, pattern: x, minLength: 3}}",
		"a: [1, 2]\n", "'a' is a list, not a text");
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

/* "<before>0<between>1<between>...<after>" */
static void append_many(struct text *out, const char *before, unsigned count,
	const char *between, const char *after)
{
	text_append(out, before);
	for (unsigned i = 0; i < count; i++)
		text_format(out, "%u%s", i, between);
	text_append(out, after);
}

/* The product of both is what takes the time. */
static void a_long_list_in_a_schema_ends_on_a_long_document(void **state)
{
	AUTO(text) choices = TEXT_INIT;
	AUTO(text) items = TEXT_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	struct source schema;
	struct source document;
	const struct diag *last;

	(void)state;
	append_many(&choices, "items: {enum: [", 20000, ", ", "x]}");
	append_many(&items, "[", 10000, ".5, ", "x]");
	schema = source_of(choices.data);
	document = source_of(items.data);

	assert_false(validate(&schema, &document, &diags));

	last = &diags.list[0];
	for (size_t i = 0; i < diags.count; i++)
		if (strstr(diags.list[i].message, "takes too long"))
			last = &diags.list[i];
	assert_non_null(strstr(last->message, "takes too long"));
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
	struct source document;
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	for (int i = 0; i < 60000; i++)
		text_format(&text, "- [%d]\n", i);
	document = source_of(text.data);
	assert_true(validate(&schema, &document, &diags));

	text_append(&text, "- [7]\n");
	document = source_of(text.data);
	assert_false(validate(&schema, &document, &diags));
}

/* Where the finding is, and that it is the only one. */
static void assert_located(const char *schema_text, const char *document_text,
	const char *instance, const char *keyword)
{
	const struct source schema = source_of(schema_text);
	const struct source document = source_of(document_text);
	AUTO(diags) diags = DIAGS_INIT;

	diags_set_severity(&diags, RULE_SCHEMA_UNKNOWN_KEY, SEVERITY_ERROR);
	assert_false(validate(&schema, &document, &diags));

	assert_int_equal(diags.count, 1);
	assert_string_equal(diags.list[0].instance, instance);
	assert_string_equal(diags.list[0].keyword, keyword);
}

static void a_finding_names_the_value_and_the_keyword(void **state)
{
	(void)state;
	assert_located("properties: {p: {maximum: 5}}", "p: 7", "/p",
		"urn:bridge:schema#/properties/p/maximum");
	assert_located(
		"required: [a]", "b: 1", "", "urn:bridge:schema#/required");
	assert_located("properties: {a: true}\nadditionalProperties: false",
		"b~/c: 1", "/b~0~1c",
		"urn:bridge:schema#/additionalProperties");
	assert_located("items: {properties: {a/b: {$ref: '#/$defs/t'}}}\n"
		       "$defs: {t: {type: string}}",
		"- {}\n- a/b: 5", "/1/a~1b", "urn:bridge:schema#/$defs/t/type");
	assert_located("anyOf: [{type: string}, {type: object, "
		       "properties: {b: {enum: [x, y]}}}]",
		"b: z", "/b", "urn:bridge:schema#/anyOf/1/properties/b/enum");
	assert_located("propertyNames: {maxLength: 2}", "abc: 1", "/abc",
		"urn:bridge:schema#/propertyNames/maxLength");
	assert_located("properties: {a: false}", "a: 1", "/a",
		"urn:bridge:schema#/properties/a");
	assert_located("$id: 'http://x/y'\n$defs: {z: {$id: z, minimum: 3}}\n"
		       "$ref: z",
		"1", "", "urn:bridge:schema#/$defs/z/minimum");
	assert_located("exclusiveMinimum: 3\nmaximum: 9", "3", "",
		"urn:bridge:schema#/exclusiveMinimum");
	assert_located("pattern: '^(a+)+$'",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "",
		"urn:bridge:schema#/pattern");
}

static void a_discriminating_value_chooses_the_branch(void **state)
{
	static const char schema[] =
		"oneOf:\n"
		"- {required: [kind, port], properties: {kind: {const: tcp}, "
		"port: {type: integer}}}\n"
		"- {required: [kind, path], properties: {kind: {const: unix}, "
		"path: {type: string}}}\n"
		"- {$ref: '#/$defs/pipe'}\n"
		"$defs: {pipe: {required: [kind, a, b, c], "
		"properties: {kind: {enum: [pipe, fifo]}}}}\n";

	(void)state;
	assert_said(schema, "{kind: tcp, path: x}",
		"required key 'port' is missing");
	assert_said(schema, "{kind: unix, path: 5}",
		"'path' is a number, not a text");
	assert_said(schema, "{kind: fifo, a: 1, b: 1}",
		"required key 'c' is missing");
	assert_said(schema, "{kind: unxi, port: 5}",
		"'kind' is 'unxi', not one of 'tcp', 'unix', 'pipe', 'fifo'; "
		"did you mean 'unix'?");
	assert_said("anyOf: [{const: a}, {enum: [b, c]}]", "d",
		"this value is 'd', not one of 'a', 'b', 'c'");
	assert_said("anyOf: [{type: string}, {type: [integer, 'null']}]", "[1]",
		"this value is a list, not null or a whole number or a text");
}

static void nested_branches_are_explained_by_the_innermost_mistake(void **state)
{
	(void)state;
	assert_said("anyOf:\n- {type: string}\n"
		    "- {type: array, items: {anyOf: [{type: integer, "
		    "maximum: 5}, {type: string, maxLength: 2}]}}",
		"[1, 7, abc]",
		"this value is 7, above 5\n"
		"this value has 3 characters, more than 2");
}

static void a_failed_part_makes_no_further_findings(void **state)
{
	(void)state;
	assert_said("$ref: '#/$defs/a'\nunevaluatedProperties: false\n"
		    "$defs: {a: {properties: {b: {type: string}}}}",
		"b: 5", "'b' is a number, not a text");
	assert_said("allOf: [{type: object}, {type: object}]\ntype: object",
		"5", "this value is a number, not a map");
	assert_said("allOf: [{required: [a]}, {required: [a]}]", "b: 5",
		"required key 'a' is missing");
	assert_said("if: {properties: {a: {const: 1}}}\nthen: {required: [b]}",
		"a: 1", "required key 'b' is missing");
}

static void findings_of_a_document_are_capped(void **state)
{
	AUTO(text) text = TEXT_INIT;
	const struct source schema = SOURCE("items: {type: string}");
	const struct source unknown = SOURCE("additionalProperties: false");
	struct source document;
	AUTO(diags) diags = DIAGS_INIT;
	AUTO(diags) warnings = DIAGS_INIT;

	(void)state;
	for (int i = 0; i < 250; i++)
		text_format(&text, "- %d\n", i);
	document = source_of(text.data);
	assert_false(validate(&schema, &document, &diags));

	assert_int_equal(diags.count, 101);
	assert_int_equal(diags.errors, 101);
	assert_string_equal(diags.list[100].message,
		"and 150 more findings in this document");

	text_clear(&text);
	for (int i = 0; i < 250; i++)
		text_format(&text, "k%d: 1\n", i);
	document = source_of(text.data);
	assert_true(validate(&unknown, &document, &warnings));

	assert_int_equal(warnings.count, 101);
	assert_int_equal(warnings.warnings, 101);
}

static void a_schemas_own_message_is_used(void **state)
{
	(void)state;
	assert_said("minimum: 5\nx-message: ports below 5 are taken", "3",
		"ports below 5 are taken");
	assert_said("pattern: ^a\nx-message: a name that starts with a", "b",
		"this value is 'b', not a name that starts with a");
	assert_said("type: string\nx-message: whatever", "5",
		"this value is a number, not a text");
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
		cmocka_unit_test(
			a_long_list_in_a_schema_ends_on_a_long_document),
		cmocka_unit_test(a_loop_inside_any_of_ends_with_one_error),
		cmocka_unit_test(not_a_number_is_in_no_range),
		cmocka_unit_test(a_mistake_in_an_item_is_reported_at_the_item),
		cmocka_unit_test(many_different_lists_are_told_apart_quickly),
		cmocka_unit_test(a_finding_names_the_value_and_the_keyword),
		cmocka_unit_test(a_discriminating_value_chooses_the_branch),
		cmocka_unit_test(
			nested_branches_are_explained_by_the_innermost_mistake),
		cmocka_unit_test(a_failed_part_makes_no_further_findings),
		cmocka_unit_test(findings_of_a_document_are_capped),
		cmocka_unit_test(a_schemas_own_message_is_used),
	};

	return cmocka_run_group_tests_name("json schema", tests, NULL, NULL);
}
