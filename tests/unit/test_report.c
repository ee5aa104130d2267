/*
 * What CI reads of findings whose every text is hostile.
 */
#include "cmd/report/fingerprint.h"
#include "cmd/report/formats.h"
#include "schema/jsonschema/jsonschema.h"
#include "schema/yaml/node_json.h"
#include "tests/unit/unit.h"

#include <stdio.h>

#define HOSTILE_PATH "::error::a,b:c%0A\n]]>&<\"\xff##[add-mask]x"

static void add(struct diags *diags, enum rule rule, const char *path,
	const char *bytes, uint32_t line, const char *message)
{
	struct source source = {
		.path = path, .bytes = bytes, .length = strlen(bytes)};
	struct origin at = {.source = &source,
		.line = line,
		.column = line ? 2 : 0,
		.end_line = line,
		.end_column = line ? 4 : 0};

	diag_report(diags, path ? &at : NULL, rule, "%s", message);
}

/* Every severity, with and without a place. */
static void fill(struct diags *diags)
{
	add(diags, RULE_SCHEMA_RANGE, HOSTILE_PATH, "\xc3\xa9\xc3\xa9\xc3\xa9",
		1, "::error::x\n%25 ##[group] ]]> <b> & \"\x1b[31m");
	add(diags, RULE_SCHEMA_UNKNOWN_KEY, "a.yaml", "x: 1\nyy: 2", 2,
		"unknown key 'yy'");
	add(diags, RULE_UNUSED_ACTOR, "a.yaml", "x: 1\nyy: 2", 0, "unused");
	add(diags, RULE_CATALOG_MISSING, NULL, "", 0, "about no document");
	diags_sort(diags);
}

static struct report report_of(const struct diags *diags)
{
	static const char *const paths[] = {"a.yaml", "b.yaml"};

	return (struct report){.catalog = "ops\xff",
		.revision = "WORKTREE",
		.documents = 2,
		.paths = paths,
		.path_count = COUNT(paths),
		.notes = true,
		.diags = diags};
}

static json_t *parsed(const char *format, const struct diags *diags)
{
	AUTO(text) out = TEXT_INIT;
	struct report report = report_of(diags);
	json_t *json;

	report_format_find(format, strlen(format))->write(&out, &report);
	json = json_loads(out.data, 0, NULL);
	assert_non_null(json);
	return json;
}

static void no_line_of_any_format_is_a_command_of_another(void **state)
{
	AUTO(diags) diags = DIAGS_INIT;
	struct report report;

	(void)state;
	fill(&diags);
	report = report_of(&diags);
	for (size_t i = 0; i < report_format_count; i++) {
		bool github = !strcmp(report_formats[i].name, "github");
		AUTO(text) out = TEXT_INIT;
		char *line;
		char *rest;

		report_formats[i].write(&out, &report);
		assert_null(strstr(out.data, "##["));
		assert_null(strchr(out.data, '\x1b'));
		for (line = strtok_r(out.data, "\n", &rest); line;
			line = strtok_r(NULL, "\n", &rest)) {
			line += strspn(line, " \t");
			if (github && *line == ':')
				assert_true(!strncmp(line, "::error ", 8) ||
					    !strncmp(line, "::warning ", 10) ||
					    !strncmp(line, "::notice ", 9));
			else
				assert_int_not_equal(strncmp(line, "::", 2), 0);
		}
	}
}

static void github_decodes_what_was_meant(void **state)
{
	AUTO(diags) diags = DIAGS_INIT;
	AUTO(text) out = TEXT_INIT;
	struct report report;

	(void)state;
	add(&diags, RULE_SCHEMA_RANGE, "a,b:c%.yaml", "x: 1", 1, "100% bad");
	report = report_of(&diags);
	report.quiet = true;
	report_github(&out, &report);
	assert_string_equal(out.data,
		"::error file=a%2Cb%3Ac%25.yaml,line=1,endLine=1,col=2,"
		"endColumn=4,title=schema/range::100%25 bad\n");
}

static void reviewdog_gets_columns_in_bytes(void **state)
{
	AUTO(diags) diags = DIAGS_INIT;
	json_auto_t *json = NULL;
	int start;
	int end;

	(void)state;
	add(&diags, RULE_SCHEMA_RANGE, "a.yaml", "\xc3\xa9\xc3\xa9\xc3\xa9", 1,
		"x");
	json = parsed("rdjson", &diags);
	assert_int_equal(json_unpack(json, "{s:[{s:{s:{s:{s:i}, s:{s:i}}}}]}",
				 "diagnostics", "location", "range", "start",
				 "column", &start, "end", "column", &end),
		0);
	assert_int_equal(start, 3);
	assert_int_equal(end, 7);
}

static void a_fingerprint_outlives_an_edit_above_it(void **state)
{
	AUTO(diags) before = DIAGS_INIT;
	AUTO(diags) after = DIAGS_INIT;
	AUTO_FREE struct fingerprint *a = NULL;
	AUTO_FREE struct fingerprint *b = NULL;

	(void)state;
	add(&before, RULE_SCHEMA_RANGE, "a.yaml", "port: 0", 1, "x");
	add(&before, RULE_SCHEMA_RANGE, "a.yaml", "port: 0", 1, "y");
	add(&after, RULE_SCHEMA_RANGE, "a.yaml", "#\n  port: 0 ", 2, "x");
	add(&after, RULE_SCHEMA_RANGE, "a.yaml", "#\n  port: 0 ", 2, "y");
	a = fingerprints(&before);
	b = fingerprints(&after);
	assert_int_equal(strlen(a[0].hex), FINGERPRINT_LENGTH);
	assert_string_equal(a[0].hex, b[0].hex);
	assert_string_equal(a[1].hex, b[1].hex);
	assert_string_not_equal(a[0].hex, a[1].hex);
}

/* OASIS wrote it for draft 4; these keywords mean the same in 2020-12. */
static struct jsonschema *sarif_schema(
	struct jsonschema_set *set, struct arena *arena)
{
	AUTO(text) path = TEXT_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	json_auto_t *json = NULL;
	struct jsonschema *schema;

	if (!suites())
		skip_test("no public test suites: set SUITES to their folder");
	text_format(&path, "%s/sarif-schema-2.1.0.json", suites());
	json = json_load_file(path.data, 0, NULL);
	assert_non_null(json);
	json_object_del(json, "$schema");
	json_object_del(json, "id");
	schema = jsonschema_compile(
		set, NULL, node_from_json(arena, json), &diags);
	if (!schema)
		print_error("%s\n", finding(&diags, 0)->message);
	assert_non_null(schema);
	return schema;
}

static void sarif_is_what_oasis_says_it_is(void **state)
{
	AUTO(jsonschema_set) set = JSONSCHEMA_SET_INIT;
	AUTO(arena) arena = ARENA_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	AUTO(diags) wrong = DIAGS_INIT;
	struct jsonschema *schema = sarif_schema(&set, &arena);
	json_auto_t *json = NULL;
	json_t *result;

	(void)state;
	fill(&diags);
	json = parsed("sarif", &diags);
	if (!jsonschema_validate(schema, node_from_json(&arena, json), &wrong))
		fail_msg("%s", finding(&wrong, 0)->message);
	assert_int_equal(wrong.count, 0);

	/* It is this schema that says yes: it can say no. */
	result = json_array_get(
		json_object_get(
			json_array_get(json_object_get(json, "runs"), 0),
			"results"),
		0);
	json_object_set_new(result, "level", json_string("fatal"));
	assert_false(jsonschema_matches(schema, node_from_json(&arena, json)));
}

static void code_scanning_gets_the_worst_of_too_many(void **state)
{
	AUTO(diags) diags = DIAGS_INIT;
	json_auto_t *json = NULL;
	json_t *run;

	(void)state;
	for (int i = 0; i < 25000; i++)
		add(&diags, RULE_UNUSED_ACTOR, "a.yaml", "x", 1, "note");
	add(&diags, RULE_SCHEMA_RANGE, "z.yaml", "x", 1, "error");
	json = parsed("sarif", &diags);
	run = json_array_get(json_object_get(json, "runs"), 0);
	assert_int_equal(json_array_size(json_object_get(run, "results")), 1);
	assert_non_null(json_object_get(
		json_array_get(json_object_get(run, "invocations"), 0),
		"toolExecutionNotifications"));
}

/* The second and third line of what a terminal shows of a finding. */
static void assert_marked(const char *line, uint32_t column,
	uint32_t end_column, const char *shown)
{
	AUTO(diags) diags = DIAGS_INIT;
	AUTO(text) out = TEXT_INIT;
	struct source source = {
		.path = "a.yaml", .bytes = line, .length = strlen(line)};
	struct origin at = {&source, 1, column, 1, end_column};
	struct report report = report_of(&diags);

	diag_report(&diags, &at, RULE_SCHEMA_RANGE, "x");
	report.for_terminal = true;
	report.quiet = true;
	report_text(&out, &report);
	assert_non_null(strchr(out.data, '\n'));
	assert_string_equal(strchr(out.data, '\n') + 1, shown);
}

static void the_mark_stands_below_what_it_is_about(void **state)
{
	AUTO(text) line = TEXT_INIT;
	AUTO(text) shown = TEXT_INIT;

	(void)state;
	assert_marked("ab: cd", 5, 7,
		"    1 | ab: cd\n"
		"            ^~\n");
	assert_marked("\346\227\245e\314\201: cd", 6, 8,
		"    1 | \346\227\245e\314\201: cd\n"
		"             ^~\n");
	assert_marked("\tx: cd", 5, 7,
		"    1 | \\x09x: cd\n"
		"               ^~\n");

	for (int i = 0; i < 500; i++)
		text_append(&line, i == 300 ? "!" : "x");
	text_append(&shown, "    1 | ...");
	for (int i = 200; i < 500; i++)
		text_append(&shown, i == 300 ? "!" : "x");
	text_format(&shown, "\n%*s\n", 11 + 101, "^");
	assert_marked(line.data, 301, 302, shown.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_line_of_any_format_is_a_command_of_another),
		cmocka_unit_test(github_decodes_what_was_meant),
		cmocka_unit_test(reviewdog_gets_columns_in_bytes),
		cmocka_unit_test(a_fingerprint_outlives_an_edit_above_it),
		cmocka_unit_test(sarif_is_what_oasis_says_it_is),
		cmocka_unit_test(code_scanning_gets_the_worst_of_too_many),
		cmocka_unit_test(the_mark_stands_below_what_it_is_about),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
