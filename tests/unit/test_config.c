#include "tests/unit/scratch.h"

#include "catalog/resolve/config.h"

static struct scratch scratch;
static struct diags diags;
static struct config config;

static int make(void **state)
{
	(void)state;
	scratch_make(&scratch);
	diags = (struct diags)DIAGS_INIT;
	config = (struct config)CONFIG_INIT;
	return 0;
}

static int clean(void **state)
{
	(void)state;
	config_release(&config);
	diags_release(&diags);
	scratch_remove(&scratch);
	return 0;
}

static bool load(const char *text)
{
	scratch_write(&scratch, "conf/tunnels.yaml", text);
	return config_load(
		&config, scratch_path(&scratch, "conf/tunnels.yaml"), &diags);
}

static void expect_usable(const char *name, bool expected)
{
	bool usable = !expected;
	const struct member *tunnel = config_tunnel(&config, name, &usable);

	assert_non_null(tunnel);
	assert_string_equal(node_string(tunnel->key), name);
	assert_int_equal(usable, expected);
}

static void no_file_at_all_is_an_empty_configuration(void **state)
{
	bool usable;

	(void)state;
	assert_true(config_load(&config, NULL, &diags));

	expect_no_findings(&diags);
	assert_null(config.root);
	assert_null(config.path);
	assert_null(config.catalog_path);
	assert_null(config_tunnel(&config, "x", &usable));
}

static void a_file_that_was_named_must_exist(void **state)
{
	(void)state;
	assert_false(config_load(
		&config, scratch_path(&scratch, "none.yaml"), &diags));
	expect_finding(&diags, RULE_CONFIG_MISSING, "/none.yaml'");
	diags_release(&diags);

	setenv("BRIDGE_CONFIG", scratch_path(&scratch, "gone.yaml"), 1);
	assert_false(config_load(&config, NULL, &diags));
	expect_finding(&diags, RULE_CONFIG_MISSING, "/gone.yaml'");
}

static void expect_revision(const char *explicit_path, const char *revision)
{
	config_release(&config);
	assert_true(config_load(&config, explicit_path, &diags));
	assert_non_null(config.catalog_revision);
	assert_string_equal(config.catalog_revision, revision);
}

static void the_closest_of_the_named_places_wins(void **state)
{
	(void)state;
	scratch_write(&scratch, "home/.config/bridge/tunnels.yaml",
		"catalog_revision: home\n");
	scratch_write(
		&scratch, "xdg/bridge/tunnels.yaml", "catalog_revision: xdg\n");
	scratch_write(&scratch, "variable.yaml", "catalog_revision: env\n");
	scratch_write(&scratch, "option.yaml", "catalog_revision: option\n");

	expect_revision(NULL, "home");
	setenv("XDG_CONFIG_HOME", scratch_path(&scratch, "empty"), 1);
	expect_revision(NULL, "home");
	setenv("XDG_CONFIG_HOME", "relative", 1);
	expect_revision(NULL, "home");
	setenv("XDG_CONFIG_HOME", scratch_path(&scratch, "xdg"), 1);
	expect_revision(NULL, "xdg");
	setenv("BRIDGE_CONFIG", scratch_path(&scratch, "variable.yaml"), 1);
	expect_revision(NULL, "env");
	expect_revision(scratch_path(&scratch, "option.yaml"), "option");
}

static void the_default_path_is_below_xdg_config_home(void **state)
{
	AUTO_FREE char *path = NULL;

	(void)state;
	setenv("XDG_CONFIG_HOME", "/nowhere/xdg", 1);
	path = config_default_path();
	assert_string_equal(path, "/nowhere/xdg/bridge/tunnels.yaml");
	free(path);
	unsetenv("XDG_CONFIG_HOME");
	setenv("HOME", "/nowhere/home", 1);
	path = config_default_path();
	assert_string_equal(path, "/nowhere/home/.config/bridge/tunnels.yaml");
}

static void only_a_leading_tilde_is_expanded(void **state)
{
	static const char *const cases[][2] = {
		{"~", "/h"},
		{"~/x", "/h/x"},
		{"~user/x", "~user/x"},
		{"/a/~/b", "/a/~/b"},
		{"$HOME/x", "$HOME/x"},
		{"", ""},
	};

	(void)state;
	setenv("HOME", "/h", 1);
	for (size_t i = 0; i < COUNT(cases); i++) {
		AUTO_FREE char *path = config_expand_home(cases[i][0]);

		assert_string_equal(path, cases[i][1]);
	}
}

static void a_relative_catalog_path_counts_from_the_file(void **state)
{
	AUTO_FREE char *real = NULL;

	(void)state;
	assert_true(load("catalog_path: ops/cat\n"));
	real = realpath(scratch_path(&scratch, "conf"), NULL);
	assert_non_null(config.catalog_path);
	assert_string_equal(config.catalog_path + strlen(real), "/ops/cat");
	config_release(&config);

	assert_true(load("catalog_path: ~/ops\n"));
	assert_string_equal(
		config.catalog_path, scratch_path(&scratch, "home/ops"));
}

static void text_that_is_no_yaml_is_an_error(void **state)
{
	(void)state;
	assert_false(load("tunnels: [\n"));

	expect_finding(&diags, RULE_YAML_SYNTAX, "conf/tunnels.yaml:1: error");
}

static void a_folder_is_no_configuration(void **state)
{
	(void)state;
	scratch_write(&scratch, "conf/x", "x");

	assert_false(
		config_load(&config, scratch_path(&scratch, "conf"), &diags));

	expect_finding(&diags, RULE_IO_READ, "cannot read");
}

#define GOOD                                                                   \
	"{host: h.example.com, remote_port: 1, local_port: 2, ssh_user: u, "   \
	"ssh_key: /k, actor: a}\n"

static void one_wrong_tunnel_is_no_other_tunnels_fault(void **state)
{
	(void)state;
	assert_true(load("tunnels:\n"
			 "  good: " GOOD "  bad:\n"
			 "    host: h.example.com\n"
			 "    remote_port: 70000\n"
			 "  also-good: " GOOD));

	expect_finding(&diags, RULE_SCHEMA_RANGE, "tunnels.yaml:5: error: ");
	assert_false(config.valid);
	expect_usable("good", true);
	expect_usable("bad", false);
	expect_usable("also-good", true);
}

static void a_mistake_behind_an_alias_breaks_all_that_use_it(void **state)
{
	(void)state;
	assert_true(load("x-shared: &shared\n"
			 "  remote_port: 70000\n"
			 "tunnels:\n"
			 "  good: " GOOD "  one: {<<: *shared, host: h}\n"
			 "  two: {<<: *shared, host: h}\n"));

	expect_usable("good", true);
	expect_usable("one", false);
	expect_usable("two", false);
}

static void a_mistake_elsewhere_breaks_no_tunnel(void **state)
{
	(void)state;
	assert_true(load("catalog_revision: 17\n"
			 "tunnels:\n"
			 "  good: " GOOD));

	expect_finding(&diags, RULE_SCHEMA_TYPE, "tunnels.yaml:1: error: ");
	expect_usable("good", true);
}

static void an_unknown_key_is_a_warning_and_breaks_nothing(void **state)
{
	(void)state;
	assert_true(load("tunnels:\n"
			 "  good: {host: h, remote_port: 1, local_port: 2, "
			 "ssh_user: u, ssh_key: /k, actor: a, ssh_prot: 1}\n"));

	expect_finding(&diags, RULE_SCHEMA_UNKNOWN_KEY, "'ssh_port'");
	assert_int_equal(diags.errors, 0);
	assert_true(config.valid);
	expect_usable("good", true);
}

static void a_password_in_the_file_is_pointed_out(void **state)
{
	(void)state;
	assert_true(load("x-password: hunter2\n"));

	expect_finding(&diags, RULE_SECRET, "tunnels.yaml:1: error: ");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_file_at_all_is_an_empty_configuration),
		TEST(a_file_that_was_named_must_exist),
		TEST(the_closest_of_the_named_places_wins),
		TEST(the_default_path_is_below_xdg_config_home),
		TEST(only_a_leading_tilde_is_expanded),
		TEST(a_relative_catalog_path_counts_from_the_file),
		TEST(text_that_is_no_yaml_is_an_error),
		TEST(a_folder_is_no_configuration),
		TEST(one_wrong_tunnel_is_no_other_tunnels_fault),
		TEST(a_mistake_behind_an_alias_breaks_all_that_use_it),
		TEST(a_mistake_elsewhere_breaks_no_tunnel),
		TEST(an_unknown_key_is_a_warning_and_breaks_nothing),
		TEST(a_password_in_the_file_is_pointed_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
