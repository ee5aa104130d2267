/*
 * All bridges: which ones there are, and what a mistake takes away.
 */
#include "catalog/resolve/resolve_all.h"
#include "tests/unit/scratch_resolver.h"

static void expect_names(const char *domain, bool good, const char *expected)
{
	AUTO(text) names = TEXT_INIT;

	bridges_release(&bridges);
	assert_int_equal(
		resolve_all(&resolver, domain, &bridges, &diags), good);
	for (size_t i = 0; i < bridges.count; i++)
		text_format(&names, "%s%s", i ? " " : "", bridges.list[i].name);
	assert_string_equal(names.data, expected);
}

static void all_bridges_come_in_the_order_of_their_names(void **state)
{
	(void)state;
	open_with("tunnels:\n"
		  "  zed: {" INLINE "}\n"
		  "  web: {" INLINE "}\n"
		  "  ext: {extends: api}\n");

	expect_names(NULL, true, "api ext web zed");
	assert_int_equal(bridges.list[2].source, BRIDGE_FROM_INLINE);
	assert_int_equal(count_findings(&diags, RULE_SHADOWED), 1);
	expect_names("b", true, "api ext");
	expect_names("none", true, "");
}

static void the_selection_is_domains_and_tags_and_labels(void **state)
{
	static const char *const cases[][2] = {
		{"{}", "api mine web"},
		{"{domains: [a]}", "mine web"},
		{"{domains: [a, b]}", "api mine web"},
		{"{tags: [public, other]}", "mine web"},
		{"{tags: [public, internal]}", "api mine web"},
		{"{labels: {tier: one}}", "api mine web"},
		{"{labels: {tier: one, site: x}}", "mine web"},
		{"{labels: {tier: two}}", "mine"},
		{"{domains: [b], tags: [public]}", "mine"},
		{"{domains: []}", "mine"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		AUTO(text) text = TEXT_INIT;

		resolver_release(&resolver);
		text_format(&text,
			"catalog_select: %s\ntunnels:\n  mine: {" INLINE "}\n",
			cases[i][0]);
		open_with(text.data);

		expect_names(NULL, true, cases[i][1]);
	}
}

static void a_broken_document_loses_only_what_needs_it(void **state)
{
	(void)state;
	scratch_write(
		&scratch, "cat/domains/a/targets/box.yaml", "ssh_port: x\n");
	scratch_write(&scratch, "cat/domains/a/bridges/two.yaml",
		"target: box\nremote_port: 1\nlocal_port: 1\nactor: bot\n");
	scratch_write(&scratch, "cat/domains/a/bridges/bad.yaml", "a: [\n");
	open_with("tunnels:\n  mine: {" INLINE "}\n");

	expect_names(NULL, false, "api mine");
	expect_finding(&diags, RULE_SCHEMA_TYPE, "targets/box.yaml:1");
	expect_finding(&diags, RULE_REFERENCE_TARGET,
		"web.yaml:1: error: bridge 'web' is left out: the target 'box' "
		"has errors");
	expect_finding(&diags, RULE_REFERENCE_TARGET, "'two' is left out");
	expect_finding(&diags, RULE_YAML_SYNTAX, "bridges/bad.yaml");
}

static void a_broken_tunnel_loses_only_itself(void **state)
{
	(void)state;
	write_config("tunnels:\n"
		     "  bad: {host: 17}\n"
		     "  mine: {" INLINE "}\n");
	assert_true(open_resolver());

	expect_names(NULL, false, "api mine web");
	expect_finding(&diags, RULE_SCHEMA_TYPE, "tunnels.yaml:4");
	expect_finding(
		&diags, RULE_BRIDGE_INCOMPLETE, "tunnel 'bad' is left out");
}

static void of_two_bridges_with_one_id_the_first_is_kept(void **state)
{
	(void)state;
	scratch_write(&scratch, "cat/domains/b/bridges/web.yaml",
		"host: h\nremote_port: 1\nlocal_port: 1\nactor: bot\n"
		"ssh_user: u\n");
	open_with("");

	expect_names(NULL, false, "api web");

	expect_finding(&diags, RULE_ID_DUPLICATE, "domains/b/bridges/web.yaml");
	assert_string_equal(bridges.list[1].domain, "a");
}

static void broken_settings_lose_the_catalogs_bridges_alone(void **state)
{
	(void)state;
	scratch_write(&scratch, "cat/catalog.yaml", "defaults: 17\n");
	write_config("tunnels:\n  mine: {" INLINE "}\n");
	assert_true(open_resolver());

	expect_names(NULL, false, "mine");
	expect_finding(&diags, RULE_BRIDGE_INCOMPLETE,
		"bridge 'web' is left out: 'catalog.yaml' has errors");
}

static void a_catalog_that_cannot_be_opened_leaves_the_tunnels(void **state)
{
	(void)state;
	scratch_write(&scratch, "home/.config/bridge/tunnels.yaml",
		"catalog_path: /nowhere/at/all\n"
		"tunnels:\n  mine: {" INLINE "}\n");

	assert_true(open_resolver());

	assert_true(resolver.catalog_failed);
	assert_int_not_equal(diags.errors, 0);
	expect_names(NULL, false, "mine");
	assert_null(bridges.list[0].actor_class);
}

static void all_names_are_listed_once(void **state)
{
	char **names;
	size_t count;

	(void)state;
	open_with("tunnels:\n"
		  "  zed: {" INLINE "}\n"
		  "  web: {extends: web}\n");

	names = resolve_names(&resolver, &count);

	assert_int_equal(count, 3);
	assert_string_equal(names[0], "api");
	assert_string_equal(names[1], "web");
	assert_string_equal(names[2], "zed");
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
	assert_int_equal(resolver.catalog->files, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_bridges_come_in_the_order_of_their_names),
		TEST(the_selection_is_domains_and_tags_and_labels),
		TEST(a_broken_document_loses_only_what_needs_it),
		TEST(a_broken_tunnel_loses_only_itself),
		TEST(of_two_bridges_with_one_id_the_first_is_kept),
		TEST(broken_settings_lose_the_catalogs_bridges_alone),
		TEST(a_catalog_that_cannot_be_opened_leaves_the_tunnels),
		TEST(all_names_are_listed_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
