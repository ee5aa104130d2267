/*
 * The official JSON Schema test suite, draft 2020-12: every required case, and
 * every optional one but those of a table that says why.
 */
#include "tests/unit/unit.h"

#include "schema/base/text.h"
#include "schema/jsonschema/jsonschema.h"
#include "schema/yaml/node_json.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>

/* Cases that disagree. One that begins to agree must leave the table. */
static const struct {
	const char *file, *group, *test;
	const char *why;
} known[] = {
	{"optional/cross-draft.json",
		"refs to historic drafts are processed as historic drafts",
		"first item not a string is valid",
		"only draft 2020-12 is implemented, and the schema of the other "
		"draft is not among the suite's files"},
};

struct suite {
	const char *remotes;
	const char *file;
	bool formats;
	size_t ran, failures;
	bool met[COUNT(known)];
	bool opened[COUNT(known)];
};

static char *path_of(const char *folder, const char *name)
{
	AUTO(text) path = TEXT_INIT;

	text_format(&path, "%s/%s", folder, name);
	return text_detach(&path);
}

static json_t *load(const char *path)
{
	json_error_t error;
	const size_t flags = JSON_DECODE_ANY | JSON_ALLOW_NUL;
	json_t *json = json_load_file(path, flags, &error);

	/* Numbers beyond 64 bits: what the YAML parser reads as a float. */
	if (!json && json_error_code(&error) == json_error_numeric_overflow)
		json = json_load_file(
			path, flags | JSON_DECODE_INT_AS_REAL, &error);
	if (!json)
		fail_msg("%s: %s", path, error.text);
	return json;
}

/* What the suite serves under http://localhost:1234/. */
static void add_remotes(struct jsonschema_set *set, struct arena *arena,
	const char *folder, const char *uri)
{
	DIR *stream = opendir(folder);
	struct dirent *entry;

	assert_non_null(stream);
	while ((entry = readdir(stream))) {
		AUTO_FREE char *path = path_of(folder, entry->d_name);
		AUTO_FREE char *address = path_of(uri, entry->d_name);
		json_t *json;

		if (entry->d_name[0] == '.')
			continue;
		if (!strstr(entry->d_name, ".json")) {
			add_remotes(set, arena, path, address);
			continue;
		}
		json = load(path);
		jsonschema_set_add(set, address, node_from_json(arena, json));
		json_decref(json);
	}
	closedir(stream);
}

/* Both ways of asking give this answer, and a no comes with a reason. */
static bool agrees(
	const struct jsonschema *schema, const struct node *data, bool valid)
{
	AUTO(diags) diags = DIAGS_INIT;

	diags_set_severity(&diags, RULE_SCHEMA_UNKNOWN_KEY, SEVERITY_ERROR);
	return jsonschema_matches(schema, data) == valid &&
	       jsonschema_validate(schema, data, &diags) == valid &&
	       (diags.errors == 0) == valid;
}

static void judge(struct suite *suite, const json_t *group, const json_t *test,
	bool agreed)
{
	const char *title = json_string_value(
		json_object_get(group, "description"));
	const char *name = json_string_value(
		json_object_get(test, "description"));

	suite->ran++;
	for (size_t i = 0; i < COUNT(known); i++)
		if (!strcmp(known[i].file, suite->file) &&
			!strcmp(known[i].group, title) &&
			!strcmp(known[i].test, name)) {
			suite->met[i] = true;
			if (!agreed)
				return;
			print_error("no longer wrong: ");
			agreed = false;
		}
	if (agreed)
		return;
	suite->failures++;
	print_error("%s: %s: %s: not %s\n", suite->file, title, name,
		json_is_true(json_object_get(test, "valid")) ? "valid"
							     : "invalid");
}

static void run_group(struct suite *suite, const json_t *group)
{
	AUTO(jsonschema_set) set = {.formats = suite->formats};
	AUTO(arena) arena = ARENA_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	struct jsonschema *schema;
	size_t i;
	json_t *test;

	add_remotes(&set, &arena, suite->remotes, "http://localhost:1234");
	schema = jsonschema_compile(&set, NULL,
		node_from_json(&arena, json_object_get(group, "schema")),
		&diags);
	if (!schema)
		print_message(
			"%s: %s\n", suite->file, finding(&diags, 0)->message);
	json_array_foreach(json_object_get(group, "tests"), i, test)
	{
		const struct node *data = node_from_json(
			&arena, json_object_get(test, "data"));
		bool valid = json_is_true(json_object_get(test, "valid"));

		judge(suite, group, test,
			schema && agrees(schema, data, valid));
	}
}

static void run_file(struct suite *suite, const char *path)
{
	json_t *groups = load(path);
	json_t *group;
	size_t i;

	for (i = 0; i < COUNT(known); i++)
		suite->opened[i] |= !strcmp(known[i].file, suite->file);
	json_array_foreach(groups, i, group) run_group(suite, group);
	json_decref(groups);
}

/* At least this many cases of a folder of the suite. */
static void run(const char *name, bool formats, size_t least)
{
	AUTO_FREE char *folder = NULL;
	AUTO_FREE char *remotes = NULL;
	struct suite suite = {.formats = formats};
	struct dirent *entry;
	DIR *stream;

	if (!suites())
		skip_test("no public test suites: set SUITES to their folder");
	folder = path_of(suites(), name);
	remotes = path_of(suites(), "json-schema/remotes");
	suite.remotes = remotes;
	stream = opendir(folder);
	assert_non_null(stream);
	while ((entry = readdir(stream))) {
		AUTO_FREE char *path = path_of(folder, entry->d_name);
		AUTO_FREE char *file = path_of(name, entry->d_name);

		if (!strstr(entry->d_name, ".json"))
			continue;
		suite.file = file + strlen("json-schema/tests/");
		run_file(&suite, path);
	}
	closedir(stream);
	for (size_t i = 0; i < COUNT(known); i++)
		if (suite.opened[i] && !suite.met[i])
			fail_msg("no such case: %s", known[i].test);
	print_message("%zu cases\n", suite.ran);
	assert_true(suite.ran >= least);
	assert_int_equal(suite.failures, 0);
}

static void every_required_case_of_the_official_suite_agrees(void **state)
{
	(void)state;
	run("json-schema/tests", false, 970);
}

static void every_optional_case_agrees_or_stands_in_the_table(void **state)
{
	(void)state;
	run("json-schema/tests/optional", false, 125);
}

static void every_case_of_the_formats_agrees_or_stands_in_the_table(
	void **state)
{
	(void)state;
	run("json-schema/tests/optional/format", true, 559);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_required_case_of_the_official_suite_agrees),
		cmocka_unit_test(
			every_optional_case_agrees_or_stands_in_the_table),
		cmocka_unit_test(
			every_case_of_the_formats_agrees_or_stands_in_the_table),
	};

	return cmocka_run_group_tests_name(
		"json schema suite", tests, NULL, NULL);
}
