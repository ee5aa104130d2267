/*
 * What `catalog explain` shows is true: each example, put into a catalog
 * where nothing else is wrong, breaks its rule alone, and none once mended.
 */
#include "catalog/resolve/resolve_all.h"
#include "catalog/rules/validate.h"
#include "tests/unit/scratch.h"

#include "catalog/resolve/resolve.h"
#include "schema/diag/explain.h"

static struct scratch scratch;
static struct diags diags;

/* Everything in it is named by something, so that no note is made. */
static const struct example_file surroundings[] = {
	{EXAMPLE_PLACE, "domains/edge/domain.yaml", NULL},
	{EXAMPLE_PLACE, "domains/edge/targets/gateway.yaml", NULL},
	{EXAMPLE_PLACE, "domains/edge/targets/bastion.yaml", NULL},
	{EXAMPLE_PLACE, "domains/lab/domain.yaml", NULL},
	{EXAMPLE_PLACE, "domains/lab/bridges/one.yaml", NULL},
	{EXAMPLE_PART, "domains/lab/bridges/two.yaml", "target: bastion"},
	{EXAMPLE_PLACE, "actors/agent.hub.yaml", NULL},
	{EXAMPLE_PART, "tunnels.yaml", ""},
	{EXAMPLE_END, NULL, NULL},
};

/* A document that is fine at its place; every bridge has its own port. */
static void append_fine(struct text *lines, const char *path)
{
	static unsigned port = 20000;

	if (strstr(path, "domain.yaml"))
		text_append(lines, "name: Name\n");
	else if (strstr(path, "/targets/"))
		text_append(lines, "host: host.example.org\nssh_user: ops\n"
				   "ssh_key: ~/.ssh/id\n");
	else if (strstr(path, "actors/"))
		text_append(lines, "class: automation\n");
	else if (strstr(path, "/bridge"))
		text_format(lines,
			"target: gateway\nremote_port: %u\nlocal_port: 8000\n"
			"actor: agent.hub\n",
			++port);
	else
		assert_string_equal(path, "tunnels.yaml");
}

/* Does one of the lines begin with this one's key? */
static bool writes_key_of(const char *lines, const char *line)
{
	size_t length = strcspn(line, ":") + 1;

	while (lines && strncmp(lines, line, length)) {
		lines = strchr(lines, '\n');
		lines += lines != NULL;
	}
	return lines != NULL;
}

/* The lines of a fine document, but for those that `lines` writes itself. */
static void append_rest(struct text *out, const char *path, const char *lines)
{
	AUTO(text) fine = TEXT_INIT;
	char *rest;

	append_fine(&fine, path);
	for (char *line = strtok_r(fine.data, "\n", &rest); line;
		line = strtok_r(NULL, "\n", &rest))
		if (!lines || !writes_key_of(lines, line))
			text_format(out, "%s\n", line);
}

static void write_file(const struct example_file *file)
{
	AUTO(text) place = TEXT_INIT;
	AUTO(text) lines = TEXT_INIT;
	bool config = !strcmp(file->path, "tunnels.yaml");

	text_format(&place, "%s%s", config ? "" : "cat/", file->path);
	if (config)
		text_append(&lines, "catalog_path: cat\n"
				    "catalog_revision: WORKTREE\n");
	if (file->kind == EXAMPLE_PART || file->kind == EXAMPLE_PLACE)
		append_rest(&lines, file->path, file->lines);
	if (file->lines)
		text_format(&lines, "%s\n", file->lines);
	scratch_write(&scratch, place.data, lines.data);
	if (file->kind != EXAMPLE_LINK)
		return;
	assert_int_equal(unlink(scratch_path(&scratch, place.data)), 0);
	assert_int_equal(
		symlink(file->lines, scratch_path(&scratch, place.data)), 0);
}

static void write_files(const struct example_file *files)
{
	for (; files->kind != EXAMPLE_END; files++)
		write_file(files);
}

/* Everything that validating says, else what resolving all bridges says. */
static void judge(const struct example_file *files)
{
	AUTO(resolver) resolver = RESOLVER_INIT;
	const char *config = scratch_path(&scratch, "tunnels.yaml");
	const struct resolver_options options = {
		.config = config, .need_config = true};
	struct bridges bridges = BRIDGES_INIT;

	scratch_make(&scratch);
	write_files(surroundings);
	write_files(files);
	if (resolver_open(&resolver, &options, &diags)) {
		validate_catalog(resolver.catalog, &diags);
		if (!diags.count)
			resolve_all(&resolver, NULL, &bridges, &diags);
	}
	bridges_release(&bridges);
	scratch_remove(&scratch);
}

static int begin(void **state)
{
	(void)state;
	diags = (struct diags)DIAGS_INIT;
	return 0;
}

static int end(void **state)
{
	(void)state;
	diags_release(&diags);
	return 0;
}

static void every_rule_has_an_explanation_in_the_order_of_the_rules(
	void **state)
{
	static const enum rule rows[] = {
#define EXPLAIN(name, ...) RULE_##name,
#include "schema/diag/explain.def"
#undef EXPLAIN
	};

	(void)state;
	assert_int_equal(COUNT(rows), RULE_COUNT);
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct rule_explanation *row = &rule_explanations[i];

		assert_int_equal(rows[i], i);
		assert_int_equal(row->why[strlen(row->why) - 1], '.');
		assert_int_equal(!row->wrong, !row->right);
	}
}

static void without_an_example_the_catalog_is_fine(void **state)
{
	static const struct example_file none[] = {{EXAMPLE_END, NULL, NULL}};

	(void)state;
	judge(none);

	expect_no_findings(&diags);
}

static void what_is_shown_as_wrong_breaks_that_rule_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < RULE_COUNT; i++) {
		if (!rule_explanations[i].wrong)
			continue;
		judge(rule_explanations[i].wrong);

		expect_finding(&diags, (enum rule)i, "");
		if (count_findings(&diags, (enum rule)i) != diags.count)
			fail_msg("the example of %s breaks more than that",
				rule_rows[i].id);
		diags_release(&diags);
	}
}

static void what_is_shown_as_right_breaks_no_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < RULE_COUNT; i++) {
		if (!rule_explanations[i].right)
			continue;
		judge(rule_explanations[i].right);

		expect_no_findings(&diags);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_rule_has_an_explanation_in_the_order_of_the_rules),
		TEST(without_an_example_the_catalog_is_fine),
		TEST(what_is_shown_as_wrong_breaks_that_rule_alone),
		TEST(what_is_shown_as_right_breaks_no_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
