/*
 * Which catalog is read, and at which revision.
 */
#include "tests/unit/scratch_resolver.h"

static void without_tunnels_such_a_catalog_is_the_end(void **state)
{
	(void)state;
	scratch_write(&scratch, "home/.config/bridge/tunnels.yaml",
		"catalog_path: /nowhere/at/all\n");

	assert_false(open_resolver());

	assert_true(resolver.catalog_failed);
}

static void with_neither_configuration_nor_catalog_there_is_nothing(
	void **state)
{
	(void)state;
	assert_false(open_resolver());
	expect_finding(&diags, RULE_CONFIG_MISSING, "tunnels.yaml'");
}

static bool discover(const char *folder)
{
	const struct resolver_options options = {
		.discover = true, .need_catalog = true};

	assert_int_equal(chdir(scratch_path(&scratch, folder)), 0);
	resolver_release(&resolver);
	return resolver_open(&resolver, &options, &diags);
}

static void a_catalog_is_discovered_at_or_above_the_current_folder(void **state)
{
	(void)state;
	scratch_write(
		&scratch, "repo/opscatalog/domains/a/domain.yaml", "name: A\n");
	scratch_write(&scratch, "repo/deep/er/file", "x\n");
	scratch_commit(&scratch, "repo");
	/* Not of this repository. */
	scratch_write(&scratch, "domains/a/domain.yaml", "name: A\n");
	scratch_write(&scratch, "empty/x", "x\n");
	scratch_commit(&scratch, "empty");

	assert_true(discover("repo/deep/er"));
	assert_non_null(strstr(resolver.catalog_path, "repo/opscatalog"));
	assert_int_equal(
		revision_kind(resolver.catalog->revision), REVISION_COMMIT);
	assert_true(discover("repo/opscatalog"));
	assert_true(discover("repo/opscatalog/domains/a"));
	expect_no_findings(&diags);

	assert_false(discover("empty"));
	expect_finding(&diags, RULE_CATALOG_MISSING, "no catalog at or above");
}

static void outside_of_a_repository_only_the_current_folder_counts(void **state)
{
	(void)state;
	assert_true(discover("cat"));
	assert_int_equal(
		revision_kind(resolver.catalog->revision), REVISION_WORKTREE);
	assert_false(discover("cat/domains"));
}

static void a_hook_of_a_bare_repository_discovers_its_catalog(void **state)
{
	(void)state;
	scratch_write(
		&scratch, "repo/opscatalog/domains/a/domain.yaml", "name: A\n");
	scratch_commit(&scratch, "repo");
	scratch_git(
		&scratch, "", "clone", "-q", "--bare", "repo", "ops.git", NULL);

	assert_true(discover("ops.git"));

	assert_string_equal(
		revision_prefix(resolver.catalog->revision), "opscatalog/");
}

static void expect_found_in(const char *named, const char *rev, const char *at)
{
	const struct resolver_options options = {
		.catalog = named, .revision = rev, .need_catalog = true};

	resolver_release(&resolver);
	assert_true(resolver_open(&resolver, &options, &diags));
	expect_no_findings(&diags);
	assert_string_equal(resolver.catalog_path, at);
	assert_string_equal(
		revision_prefix(resolver.catalog->revision), "opscatalog/");
}

static void a_named_repository_has_its_catalog_in_opscatalog(void **state)
{
	(void)state;
	scratch_write(
		&scratch, "repo/opscatalog/domains/a/domain.yaml", "name: A\n");
	scratch_write(&scratch, "repo/actors/film.yaml", "not: ours\n");
	scratch_commit(&scratch, "repo");
	assert_int_equal(chdir(scratch_path(&scratch, "repo")), 0);

	expect_found_in(".", "HEAD", "./opscatalog");
	expect_found_in("", "INDEX", "opscatalog");
	expect_found_in("./", "WORKTREE", "./opscatalog");
	expect_found_in("opscatalog", "HEAD", "opscatalog");
}

static void the_top_of_a_repository_comes_before_opscatalog(void **state)
{
	const struct resolver_options options = {
		.catalog = ".", .need_catalog = true};

	(void)state;
	scratch_write(
		&scratch, "cat/opscatalog/domains/z/domain.yaml", "name: Z\n");
	scratch_commit(&scratch, "cat");
	assert_int_equal(chdir(scratch_path(&scratch, "cat")), 0);

	assert_true(resolver_open(&resolver, &options, &diags));

	assert_string_equal(resolver.catalog_path, ".");
}

static void what_is_found_here_may_lie_elsewhere_in_the_revision(void **state)
{
	const struct resolver_options options = {
		.discover = true, .need_catalog = true, .revision = "HEAD~1"};

	(void)state;
	scratch_write(&scratch, "repo/domains/a/domain.yaml", "name: A\n");
	scratch_commit(&scratch, "repo");
	scratch_write(&scratch, "repo/opscatalog/x", "x\n");
	scratch_git(&scratch, "repo", "mv", "domains", "opscatalog", NULL);
	scratch_commit(&scratch, "repo");
	assert_int_equal(chdir(scratch_path(&scratch, "repo/opscatalog")), 0);

	assert_true(resolver_open(&resolver, &options, &diags));

	expect_no_findings(&diags);
	assert_string_equal(revision_prefix(resolver.catalog->revision), "");
}

static void expect_opened(
	const struct resolver_options *options, const char *revision)
{
	resolver_release(&resolver);
	assert_true(resolver_open(&resolver, options, &diags));
	assert_string_equal(
		revision_name(resolver.catalog->revision), revision);
}

static void the_revision_is_the_closest_that_was_named(void **state)
{
	struct resolver_options options = {.need_catalog = true};

	(void)state;
	scratch_commit(&scratch, "cat");
	scratch_git(&scratch, "cat", "tag", "one", NULL);
	scratch_git(&scratch, "cat", "tag", "two", NULL);
	write_config("");

	expect_opened(&options, "WORKTREE");
	setenv("BRIDGE_CATALOG_REV", "one", 1);
	expect_opened(&options, "one");
	options.revision = "two";
	expect_opened(&options, "two");
	unsetenv("BRIDGE_CATALOG_REV");
	options.revision = NULL;
	/* catalog_revision is about catalog_path alone. */
	options.catalog = scratch_path(&scratch, "cat");
	expect_opened(&options, "HEAD");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_tunnels_such_a_catalog_is_the_end),
		TEST(with_neither_configuration_nor_catalog_there_is_nothing),
		TEST(a_catalog_is_discovered_at_or_above_the_current_folder),
		TEST(outside_of_a_repository_only_the_current_folder_counts),
		TEST(a_hook_of_a_bare_repository_discovers_its_catalog),
		TEST(a_named_repository_has_its_catalog_in_opscatalog),
		TEST(the_top_of_a_repository_comes_before_opscatalog),
		TEST(what_is_found_here_may_lie_elsewhere_in_the_revision),
		TEST(the_revision_is_the_closest_that_was_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
