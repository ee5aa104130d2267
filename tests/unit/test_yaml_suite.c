/*
 * The public yaml-test-suite: every case agrees, except where this program
 * refuses more than YAML does (schema/yaml/parse.h) and where libyaml itself
 * errs. Both are listed here, by the suite's ids, and nothing else may differ.
 */
#include "tests/unit/unit.h"

#include "schema/base/text.h"
#include "schema/yaml/node_json.h"
#include "schema/yaml/parse.h"

#include <jansson.h>
#include <stdio.h>

/* Valid YAML that schema/yaml/parse.h says we refuse, and why. */
static const struct {
	const char *id;
	enum rule rule;
} refused[] = {
	{"2XXW", RULE_YAML_TAG},
	{"35KP", RULE_YAML_DOCUMENTS},
	{"4FJ6", RULE_YAML_KEY},
	{"565N", RULE_YAML_TAG},
	{"5TYM", RULE_YAML_TAG},
	{"6PBE", RULE_YAML_KEY},
	{"6ZKB", RULE_YAML_DOCUMENTS},
	{"9DXL", RULE_YAML_DOCUMENTS},
	{"9KAX", RULE_YAML_DOCUMENTS},
	{"9MMW", RULE_YAML_KEY},
	{"9WXW", RULE_YAML_TAG},
	{"C4HZ", RULE_YAML_TAG},
	{"CC74", RULE_YAML_TAG},
	{"CUP7", RULE_YAML_TAG},
	{"J7PZ", RULE_YAML_TAG},
	{"JHB9", RULE_YAML_DOCUMENTS},
	{"KK5P", RULE_YAML_KEY},
	{"KSS4", RULE_YAML_DOCUMENTS},
	{"L383", RULE_YAML_DOCUMENTS},
	{"LX3P", RULE_YAML_KEY},
	{"M2N8/01", RULE_YAML_KEY},
	{"M5C3", RULE_YAML_TAG},
	{"M5DY", RULE_YAML_KEY},
	{"P76L", RULE_YAML_TAG},
	{"PUW8", RULE_YAML_DOCUMENTS},
	{"Q9WF", RULE_YAML_KEY},
	{"RZP5", RULE_YAML_KEY},
	{"RZT7", RULE_YAML_DOCUMENTS},
	{"SBG9", RULE_YAML_KEY},
	{"U9NS", RULE_YAML_DOCUMENTS},
	{"UGM3", RULE_YAML_TAG},
	{"X38W", RULE_YAML_KEY},
	{"XW4D", RULE_YAML_KEY},
	{"Z67P", RULE_YAML_TAG},
	{"Z9M4", RULE_YAML_TAG},
};

/*
 * Where libyaml 0.2.5 departs from YAML 1.2, beside what the suite tags
 * libyaml-err. A later libyaml may agree, so agreeing is right here, too.
 */
static const char *const libyaml_refuses[] = {
	/* empty keys, and ':' in and beside words of flow collections */
	"2JQS", "4ABK", "4MUZ/01", "4MUZ/02", "5MUD", "5T43", "9SA2", "CFD4",
	"DBG4", "FRK4", "K3WX", "NJ66", "S3PD", "SM9W/01", "UT92", "VJP3/01",
	/* tabs */
	"6CA3", "96NN/00", "96NN/01", "DK95/00", "DK95/03", "DK95/04", "Q5MG",
	"Y79Y/010",
	/* directives, and where a document begins and ends */
	"2LFX", "6LVF", "BEC7", "DK3J", "FP8R", "HWV9", "M7A3", "MUS6/05",
	"MUS6/06", "QT73", "W4TN",
	/* anchors: of an empty node, with a colon, beyond ASCII */
	"2SXE", "6M2F", "8XYN"};
static const char *const libyaml_accepts[] = {
	/* indentation inside flow collections and quotes */
	"9C9N", "DK95/01", "QB6E", "Y79Y/003",
	/* comments without a space before them */
	"9JBA", "CVW2", "MUS6/00", "SU5Z",
	/* others */
	"G5U8", "S98Z", "YJV2"};
static const struct {
	const char *id;
	const char *json;
} libyaml_reads[] = {
	{"652Z", "{\"foo\": \"bar\", \"bar\": 42}"},
	{"HM87/01", "[{\"x\": null}]"},
	{"JEF9/02", "[\"\"]"},
	{"L24T/01", "{\"foo\": \"x\\n \"}"},
	{"Y2GN", "{\"key\": \":chor value\"}"},
};

struct suite_case {
	const char *id;
	struct source source;
	bool error;       /* must not parse */
	const char *json; /* NULL: no matter what; "": no document at all */
};

static bool listed(const char *id, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(list[i], id))
			return true;
	return false;
}

/* RULE_COUNT when nothing in schema/yaml/parse.h speaks against it. */
static enum rule refusal(const char *id)
{
	for (size_t i = 0; i < COUNT(refused); i++)
		if (!strcmp(refused[i].id, id))
			return refused[i].rule;
	return RULE_COUNT;
}

static bool equals_json(const struct node *root, const char *text)
{
	json_auto_t *wanted = json_loads(text, JSON_DECODE_ANY, NULL);
	json_auto_t *got = node_to_json(root);

	if (!*text)
		return root->kind == NODE_NULL;
	return wanted && json_equal(wanted, got);
}

/* Is this what libyaml is known to make of the case? */
static bool libyaml_errs(const char *id, const struct node *root, bool error)
{
	if (!root)
		return listed(id, libyaml_refuses, COUNT(libyaml_refuses));
	if (error)
		return listed(id, libyaml_accepts, COUNT(libyaml_accepts));
	for (size_t i = 0; i < COUNT(libyaml_reads); i++)
		if (!strcmp(libyaml_reads[i].id, id))
			return equals_json(root, libyaml_reads[i].json);
	return false;
}

static bool suite_agrees(
	const struct suite_case *c, const struct node *root, enum rule found)
{
	enum rule rule = refusal(c->id);

	if (rule != RULE_COUNT)
		return !root && found == rule;
	if (c->error ? !root : root && (!c->json || equals_json(root, c->json)))
		return true;
	return (root || found == RULE_YAML_SYNTAX) &&
	       libyaml_errs(c->id, root, c->error);
}

/* A refusal is one error with a place, and a tree comes without errors. */
static bool run(const struct suite_case *c)
{
	AUTO(arena) arena = ARENA_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	const struct node *root = yaml_parse(&arena, &c->source, &diags);
	const struct diag *last = NULL;

	for (size_t i = 0; i < diags.count; i++)
		if (diags.list[i].severity == SEVERITY_ERROR)
			last = &diags.list[i];
	if (diags.errors == (root ? 0 : 1) && (root || last->line) &&
		suite_agrees(c, root, last ? last->rule : RULE_COUNT))
		return true;
	print_error("%s: %s\n", c->id, last ? last->message : "accepted");
	return false;
}

static bool libyaml_is_wrong(const json_t *json)
{
	const json_t *tags = json_object_get(json, "tags");
	size_t i;
	json_t *tag;

	json_array_foreach(
		tags, i, tag) if (!strcmp(json_string_value(tag),
					  "libyaml-err")) return true;
	return false;
}

/* In how many of the lists above a case stands. */
static size_t count_listed(const char *id)
{
	size_t count = refusal(id) != RULE_COUNT;

	count += listed(id, libyaml_refuses, COUNT(libyaml_refuses));
	count += listed(id, libyaml_accepts, COUNT(libyaml_accepts));
	for (size_t i = 0; i < COUNT(libyaml_reads); i++)
		count += !strcmp(libyaml_reads[i].id, id);
	return count;
}

static void every_case_of_the_public_suite_agrees(void **state)
{
	AUTO(text) path = TEXT_INIT;
	json_auto_t *all = NULL;
	json_error_t error;
	size_t exceptions = 0;
	size_t failures = 0;
	size_t ran = 0;
	size_t i;
	json_t *json;

	(void)state;
	if (!suites())
		skip_test("no public test suites: set SUITES to their folder");
	text_format(&path, "%s/yaml/cases.json", suites());
	all = json_load_file(path.data, 0, &error);
	if (!all)
		fail_msg("%s: %s", path.data, error.text);

	json_array_foreach(all, i, json)
	{
		const json_t *yaml = json_object_get(json, "yaml");
		const struct suite_case c = {
			.id = json_string_value(json_object_get(json, "id")),
			.source = {.path = "suite.yaml",
				.bytes = json_string_value(yaml),
				.length = json_string_length(yaml)},
			.error = json_is_true(json_object_get(json, "error")),
			.json = json_string_value(
				json_object_get(json, "json")),
		};

		if (libyaml_is_wrong(json))
			continue;
		exceptions += count_listed(c.id);
		failures += !run(&c);
		ran++;
	}

	print_message("%zu cases, %zu of them listed\n", ran, exceptions);
	assert_int_equal(failures, 0);
	assert_true(ran > 300);
	assert_int_equal(exceptions, COUNT(refused) + COUNT(libyaml_refuses) +
					     COUNT(libyaml_accepts) +
					     COUNT(libyaml_reads));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case_of_the_public_suite_agrees),
	};

	return cmocka_run_group_tests_name("yaml suite", tests, NULL, NULL);
}
