/*
 * Which repository and which of its revisions is opened.
 */
#include "catalog/store/worktree_status.h"
#include "tests/unit/scratch_revision.h"

/*
 * libgit2 1.5 loses the matches of a regular expression of its own whenever
 * it opens a repository that has extensions.
 */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libpcre2-8.so\n";
}

static void a_commit_is_read_and_not_the_files(void **state)
{
	(void)state;
	scratch_write(&scratch, "repo/a/b.yaml", "committed\n");
	scratch_commit(&scratch, "repo");
	scratch_write(&scratch, "repo/a/b.yaml", "changed\n");

	must_open("repo", "HEAD");

	expect_content("a/b.yaml", "committed\n");
	assert_int_equal(revision_kind(revision), REVISION_COMMIT);
	assert_int_equal(strlen(revision_id(revision)), 40);
	assert_string_equal(revision_name(revision), "HEAD");
	assert_string_equal(revision_prefix(revision), "");
}

static void the_index_shows_what_is_staged(void **state)
{
	(void)state;
	scratch_write(&scratch, "repo/a/b.yaml", "committed\n");
	scratch_write(&scratch, "repo/a/gone.yaml", "committed\n");
	scratch_commit(&scratch, "repo");
	scratch_write(&scratch, "repo/a/b.yaml", "staged\n");
	scratch_git(&scratch, "repo", "rm", "-q", "a/gone.yaml", NULL);
	scratch_git(&scratch, "repo", "add", "a/b.yaml", NULL);
	scratch_write(&scratch, "repo/a/b.yaml", "changed\n");
	scratch_write(&scratch, "repo/a/announced.yaml", "not yet\n");
	scratch_git(&scratch, "repo", "add", "-N", "a/announced.yaml", NULL);

	must_open("repo", "INDEX");

	expect_content("a/b.yaml", "staged\n");
	assert_null(read_path("a/gone.yaml"));
	assert_null(read_path("a/announced.yaml"));
	assert_string_equal(revision_id(revision), "INDEX");
}

static void the_worktree_shows_files_as_they_are(void **state)
{
	(void)state;
	scratch_write(&scratch, "repo/top/a/b.yaml", "committed\n");
	scratch_commit(&scratch, "repo");
	scratch_write(&scratch, "repo/top/a/b.yaml", "changed\n");

	must_open("repo/top", "WORKTREE");

	expect_content("a/b.yaml", "changed\n");
	assert_string_equal(read_path("a/b.yaml")->path, "top/a/b.yaml");
	assert_string_equal(revision_prefix(revision), "top/");
}

static void a_folder_in_no_repository_is_a_worktree(void **state)
{
	(void)state;
	scratch_write(&scratch, "plain/a.yaml", "text\n");

	must_open("plain", "WORKTREE");

	expect_content("a.yaml", "text\n");
	assert_string_equal(read_path("a.yaml")->path, "a.yaml");
	assert_null(read_path("none/at/all.yaml"));
}

static void a_folder_in_no_repository_has_no_head(void **state)
{
	(void)state;
	scratch_write(&scratch, "plain/a.yaml", "text\n");
	setenv("GIT_CEILING_DIRECTORIES", "/tmp", 1);

	assert_false(open_at("plain", "HEAD"));

	expect_finding(&diags, RULE_GIT_REPOSITORY, "use --rev WORKTREE");
}

static void paths_count_from_the_catalog_and_are_shown_from_the_top(
	void **state)
{
	(void)state;
	scratch_write(&scratch, "repo/ops/cat/a/b.yaml", "text\n");
	scratch_commit(&scratch, "repo");
	for (size_t i = 0; i < COUNT(all_revs); i++) {
		revision_close(revision);

		must_open("repo/ops/cat", all_revs[i]);

		expect_content("a/b.yaml", "text\n");
		assert_string_equal(
			read_path("a/b.yaml")->path, "ops/cat/a/b.yaml");
		assert_string_equal(
			read_path("a/b.yaml")->revision, revision_id(revision));
	}
}

static void a_relative_path_counts_from_here(void **state)
{
	(void)state;
	scratch_write(&scratch, "repo/ops/a.yaml", "text\n");
	scratch_commit(&scratch, "repo");
	assert_int_equal(chdir(scratch_path(&scratch, "repo/ops")), 0);

	assert_true(revision_open(&revision, ".", "HEAD", false, &diags));

	expect_content("a.yaml", "text\n");
}

static void a_folder_that_is_only_in_the_commit_is_found(void **state)
{
	(void)state;
	scratch_write(&scratch, "repo/ops/a.yaml", "text\n");
	scratch_commit(&scratch, "repo");
	scratch_git(&scratch, "repo", "rm", "-q", "-r", "ops", NULL);

	must_open("repo/ops", "HEAD");

	expect_content("a.yaml", "text\n");
}

static void a_folder_that_is_not_in_the_commit_is_missing(void **state)
{
	(void)state;
	scratch_write(&scratch, "repo/a.yaml", "text\n");
	scratch_commit(&scratch, "repo");

	assert_false(open_at("repo/other", "HEAD"));

	expect_finding(&diags, RULE_CATALOG_MISSING, "'other' does not exist");
}

static void a_path_can_lead_into_a_bare_repository(void **state)
{
	(void)state;
	scratch_write(&scratch, "repo/ops/a.yaml", "text\n");
	scratch_commit(&scratch, "repo");
	scratch_git(
		&scratch, "", "clone", "-q", "--bare", "repo", "ops.git", NULL);

	must_open("ops.git", "main");
	expect_content("ops/a.yaml", "text\n");
	revision_close(revision);
	must_open("ops.git/ops", "HEAD");

	expect_content("a.yaml", "text\n");
	assert_string_equal(revision_prefix(revision), "ops/");
	assert_false(worktree_status_differs(revision));
	revision_close(revision);

	/* Where hooks of any other repository run. */
	must_open("repo/.git/ops", "HEAD");
	assert_string_equal(revision_prefix(revision), "ops/");
}

static void a_linked_worktree_with_its_own_configuration_opens(void **state)
{
	(void)state;
	scratch_write(&scratch, "repo/a.yaml", "text\n");
	scratch_commit(&scratch, "repo");
	scratch_git(&scratch, "repo", "config", "extensions.worktreeConfig",
		"true", NULL);
	scratch_git(&scratch, "repo", "config", "core.repositoryFormatVersion",
		"1", NULL);
	scratch_git(&scratch, "repo", "worktree", "add", "-q", "../linked",
		"-b", "other", NULL);

	must_open("linked", "other");

	expect_content("a.yaml", "text\n");
	assert_string_equal(revision_prefix(revision), "");
}

static void a_worktree_inside_a_bare_repository_is_its_own_top(void **state)
{
	(void)state;
	scratch_write(&scratch, "repo/a.yaml", "text\n");
	scratch_commit(&scratch, "repo");
	scratch_git(
		&scratch, "", "clone", "-q", "--bare", "repo", "ops.git", NULL);
	scratch_git(&scratch, "ops.git", "worktree", "add", "-q", "inner",
		"main", NULL);

	must_open("ops.git/inner", "HEAD");

	expect_content("a.yaml", "text\n");
	assert_string_equal(revision_prefix(revision), "");
}

static void a_shallow_clone_is_read(void **state)
{
	AUTO(text) url = TEXT_INIT;

	(void)state;
	scratch_write(&scratch, "repo/a.yaml", "first\n");
	scratch_commit(&scratch, "repo");
	scratch_write(&scratch, "repo/a.yaml", "second\n");
	scratch_commit(&scratch, "repo");
	text_format(&url, "file://%s", scratch_path(&scratch, "repo"));
	scratch_git(&scratch, "", "clone", "-q", "--depth", "1", url.data,
		"shallow", NULL);

	must_open("shallow", "HEAD");

	expect_content("a.yaml", "second\n");
	revision_close(revision);
	assert_false(open_at("shallow", "HEAD~1"));
	expect_finding(&diags, RULE_GIT_REVISION, "HEAD~1");
}

static void a_hook_reads_the_quarantine(void **state)
{
	const char *objects;

	(void)state;
	scratch_write(&scratch, "repo/a.yaml", "pushed\n");
	scratch_commit(&scratch, "repo");
	scratch_git(&scratch, "", "init", "-q", "--bare", "ops.git", NULL);
	scratch_git(&scratch, "ops.git", "config", "x.y", "z", NULL);
	objects = scratch_path(&scratch, "repo/.git/objects");
	setenv("GIT_DIR", ".", 1);
	setenv("GIT_OBJECT_DIRECTORY", objects, 1);
	assert_int_equal(chdir(scratch_path(&scratch, "ops.git")), 0);
	assert_int_equal(
		system("git -C ../repo --git-dir=.git rev-parse HEAD >../id"),
		0);
	FILE *file = fopen(scratch_path(&scratch, "id"), "r");
	char id[64] = "";
	assert_non_null(file);
	assert_non_null(fgets(id, 41, file));
	fclose(file);

	assert_true(revision_open(&revision, ".", id, true, &diags));

	expect_content("a.yaml", "pushed\n");
}

static void a_hook_reads_the_temporary_index(void **state)
{
	(void)state;
	scratch_write(&scratch, "repo/a.yaml", "first\n");
	scratch_commit(&scratch, "repo");
	assert_int_equal(rename(scratch_path(&scratch, "repo/.git/index"),
				 scratch_path(&scratch, "repo/.git/next")),
		0);
	setenv("GIT_INDEX_FILE", ".git/next", 1);

	must_open("repo", "INDEX");

	expect_content("a.yaml", "first\n");
}

static void a_hook_of_another_repository_does_not_matter(void **state)
{
	(void)state;
	scratch_write(&scratch, "repo/a.yaml", "ours\n");
	scratch_commit(&scratch, "repo");
	scratch_write(&scratch, "other/a.yaml", "theirs\n");
	scratch_commit(&scratch, "other");
	setenv("GIT_DIR", scratch_path(&scratch, "other/.git"), 1);

	must_open("repo", "HEAD");

	expect_content("a.yaml", "ours\n");
}

static void tags_and_trees_are_revisions(void **state)
{
	(void)state;
	scratch_write(&scratch, "repo/sub/a.yaml", "text\n");
	scratch_commit(&scratch, "repo");
	scratch_git(&scratch, "repo", "tag", "-a", "-m", "x", "v1", NULL);

	must_open("repo", "v1");
	expect_content("sub/a.yaml", "text\n");
	revision_close(revision);
	must_open("repo", "HEAD^{tree}");
	expect_content("sub/a.yaml", "text\n");
	revision_close(revision);

	assert_false(open_at("repo", "HEAD:sub/a.yaml"));
	expect_finding(
		&diags, RULE_GIT_REVISION, "neither a commit nor a tree");
}

static void an_unknown_revision_suggests_a_branch(void **state)
{
	(void)state;
	scratch_write(&scratch, "repo/a.yaml", "text\n");
	scratch_commit(&scratch, "repo");
	scratch_git(&scratch, "repo", "branch", "production", NULL);

	assert_false(open_at("repo", "produciton"));

	expect_finding(&diags, RULE_GIT_REVISION,
		"unknown revision 'produciton' in '");
	expect_finding(&diags, RULE_GIT_REVISION, "did you mean 'production'?");
}

static void revisions_that_look_like_something_else_are_refused(void **state)
{
	const char *const revs[] = {"", "--output=x", "a\nb", "a\x7f", "\x1b["};

	(void)state;
	scratch_write(&scratch, "repo/a.yaml", "text\n");
	scratch_commit(&scratch, "repo");
	for (size_t i = 0; i < COUNT(revs); i++) {
		diags_release(&diags);

		assert_false(open_at("repo", revs[i]));

		assert_int_equal(count_findings(&diags, RULE_GIT_REVISION), 1);
		assert_null(strstr(diags.list[0].message, "unknown"));
	}
}

static void a_repository_without_a_commit_says_so(void **state)
{
	(void)state;
	scratch_git(&scratch, "repo", "init", "-q", NULL);

	assert_false(open_at("repo", "HEAD"));

	expect_finding(&diags, RULE_GIT_REVISION, "has no commit yet");
}

static void sha256_repositories_name_the_way_out(void **state)
{
	(void)state;
	scratch_git(
		&scratch, "repo", "init", "-q", "--object-format=sha256", NULL);
	scratch_write(&scratch, "repo/a.yaml", "text\n");

	assert_false(open_at("repo", "HEAD"));
	expect_finding(&diags, RULE_GIT_REPOSITORY, "SHA-256");
	diags_release(&diags);

	must_open("repo", "WORKTREE");
	expect_content("a.yaml", "text\n");
}

static void a_foreign_repository_names_its_owner(void **state)
{
	AUTO(text) advice = TEXT_INIT;

	(void)state;
	if (geteuid())
		skip_test("only root can give files away: run as root");
	scratch_write(&scratch, "repo/ops/a.yaml", "text\n");
	scratch_commit(&scratch, "repo");
	assert_int_equal(chown(scratch_path(&scratch, "repo"), 54321, 1), 0);
	assert_int_equal(
		chown(scratch_path(&scratch, "repo/.git"), 54321, 1), 0);

	assert_false(open_at("repo/ops", "HEAD"));

	text_format(&advice,
		"belongs to uid 54321, not to you; if you trust it: git config "
		"--global --add safe.directory %s",
		scratch_path(&scratch, "repo"));
	expect_finding(&diags, RULE_GIT_REPOSITORY, advice.data);
}

static void a_change_below_the_catalog_makes_head_dirty(void **state)
{
	(void)state;
	scratch_write(&scratch, "repo/ops/actors/a.yaml", "text\n");
	scratch_write(&scratch, "repo/other/b.yaml", "text\n");
	scratch_commit(&scratch, "repo");
	must_open("repo/ops", "HEAD");
	assert_false(worktree_status_differs(revision));

	scratch_write(&scratch, "repo/other/b.yaml", "changed\n");
	assert_false(worktree_status_differs(revision));
	scratch_write(&scratch, "repo/ops/actors/a.yaml", "changed\n");
	assert_true(worktree_status_differs(revision));

	scratch_write(&scratch, "repo/ops/actors/a.yaml", "text\n");
	assert_false(worktree_status_differs(revision));
	scratch_write(&scratch, "repo/ops/domains/new.yaml", "text\n");
	assert_true(worktree_status_differs(revision));
	revision_close(revision);
	must_open("repo/ops", "main");
	assert_false(worktree_status_differs(revision));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_commit_is_read_and_not_the_files),
		TEST(the_index_shows_what_is_staged),
		TEST(the_worktree_shows_files_as_they_are),
		TEST(a_folder_in_no_repository_is_a_worktree),
		TEST(a_folder_in_no_repository_has_no_head),
		TEST(paths_count_from_the_catalog_and_are_shown_from_the_top),
		TEST(a_relative_path_counts_from_here),
		TEST(a_folder_that_is_only_in_the_commit_is_found),
		TEST(a_folder_that_is_not_in_the_commit_is_missing),
		TEST(a_path_can_lead_into_a_bare_repository),
		TEST(a_linked_worktree_with_its_own_configuration_opens),
		TEST(a_worktree_inside_a_bare_repository_is_its_own_top),
		TEST(a_shallow_clone_is_read),
		TEST(a_hook_reads_the_quarantine),
		TEST(a_hook_reads_the_temporary_index),
		TEST(a_hook_of_another_repository_does_not_matter),
		TEST(tags_and_trees_are_revisions),
		TEST(an_unknown_revision_suggests_a_branch),
		TEST(revisions_that_look_like_something_else_are_refused),
		TEST(a_repository_without_a_commit_says_so),
		TEST(sha256_repositories_name_the_way_out),
		TEST(a_foreign_repository_names_its_owner),
		TEST(a_change_below_the_catalog_makes_head_dirty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
