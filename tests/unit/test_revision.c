#include "tests/unit/scratch.h"

#include "catalog/revision.h"

#include "schema/yaml.h"

/*
 * libgit2 1.5 loses the matches of a regular expression of its own whenever
 * it opens a repository that has extensions.
 */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libpcre2-8.so\n";
}

static struct scratch scratch;
static struct arena arena;
static struct diags diags;
static struct revision *revision;

static int make(void **state)
{
	(void)state;
	scratch_make(&scratch);
	arena = (struct arena)ARENA_INIT;
	diags = (struct diags)DIAGS_INIT;
	revision = NULL;
	return 0;
}

static int clean(void **state)
{
	(void)state;
	revision_close(revision);
	diags_release(&diags);
	arena_release(&arena);
	scratch_remove(&scratch);
	return 0;
}

static bool open_at(const char *name, const char *rev)
{
	return revision_open(
		&revision, scratch_path(&scratch, name), rev, true, &diags);
}

static void must_open(const char *name, const char *rev)
{
	bool good = open_at(name, rev);

	expect_no_findings(&diags);
	assert_true(good);
}

static const struct source *read_path(const char *path)
{
	const struct source *source;

	assert_true(revision_read(revision, path, &arena, &source, &diags));
	return source;
}

static void expect_content(const char *path, const char *content)
{
	const struct source *source = read_path(path);

	assert_non_null(source);
	assert_int_equal(source->length, strlen(content));
	assert_string_equal(source->bytes, content);
}

static void refuses_to_read(const char *path, enum rule rule, const char *text)
{
	const struct source *source;

	assert_false(revision_read(revision, path, &arena, &source, &diags));
	assert_null(source);
	expect_finding(&diags, rule, text);
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
	const char *const revs[] = {"HEAD", "INDEX", "WORKTREE"};

	(void)state;
	scratch_write(&scratch, "repo/ops/cat/a/b.yaml", "text\n");
	scratch_commit(&scratch, "repo");
	for (size_t i = 0; i < COUNT(revs); i++) {
		revision_close(revision);

		must_open("repo/ops/cat", revs[i]);

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
	assert_false(revision_is_dirty(revision));
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
		skip(); /* only root can give files away */
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

static void entries_come_in_the_order_of_strcmp(void **state)
{
	static const char *const names[] = {
		"a", "a-b.yaml", "a.yaml", "b.yaml", "link"};
	const char *const revs[] = {"HEAD", "INDEX", "WORKTREE"};

	(void)state;
	scratch_write(&scratch, "repo/top/a/x.yaml", "text\n");
	scratch_write(&scratch, "repo/top/a/y.yaml", "text\n");
	scratch_write(&scratch, "repo/top/a-b.yaml", "text\n");
	scratch_write(&scratch, "repo/top/a.yaml", "text\n");
	scratch_write(&scratch, "repo/top/b.yaml", "text\n");
	assert_int_equal(
		symlink("b.yaml", scratch_path(&scratch, "repo/top/link")), 0);
	scratch_commit(&scratch, "repo");
	for (size_t i = 0; i < COUNT(revs); i++) {
		struct revision_entry *entries;
		size_t count;

		revision_close(revision);
		must_open("repo", revs[i]);
		assert_true(revision_list(
			revision, "top", &arena, &entries, &count, &diags));

		assert_int_equal(count, COUNT(names));
		for (size_t k = 0; k < count; k++)
			assert_string_equal(entries[k].name, names[k]);
		assert_int_equal(entries[0].kind, ENTRY_FOLDER);
		assert_int_equal(entries[1].kind, ENTRY_FILE);
		assert_int_equal(entries[4].kind, ENTRY_OTHER);
	}
}

static void a_listed_entry_leads_on_without_its_path(void **state)
{
	const char *const revs[] = {"HEAD", "INDEX", "WORKTREE"};

	(void)state;
	scratch_write(&scratch, "repo/top/a/x.yaml", "text\n");
	scratch_commit(&scratch, "repo");
	for (size_t i = 0; i < COUNT(revs); i++) {
		const struct source *source;
		struct revision_entry *entries;
		size_t count;

		revision_close(revision);
		must_open("repo", revs[i]);
		assert_true(revision_list(
			revision, "top", &arena, &entries, &count, &diags));
		assert_int_equal(count, 1);
		assert_true(revision_list_entry(revision, "top/a", &entries[0],
			&arena, &entries, &count, &diags));
		assert_int_equal(count, 1);
		assert_true(revision_read_entry(revision, "top/a/x.yaml",
			&entries[0], &arena, &source, &diags));

		assert_string_equal(source->bytes, "text\n");
		assert_string_equal(source->path, "top/a/x.yaml");
	}
}

static void what_is_not_there_is_no_error(void **state)
{
	const char *const revs[] = {"HEAD", "INDEX", "WORKTREE"};

	(void)state;
	scratch_write(&scratch, "repo/a.yaml", "text\n");
	scratch_commit(&scratch, "repo");
	for (size_t i = 0; i < COUNT(revs); i++) {
		struct revision_entry *entries;
		struct revision_entry entry;
		size_t count;
		bool found;

		revision_close(revision);
		must_open("repo", revs[i]);

		assert_null(read_path("none.yaml"));
		assert_null(read_path("a.yaml/none.yaml"));
		assert_true(revision_list(
			revision, "none", &arena, &entries, &count, &diags));
		assert_int_equal(count, 0);
		assert_true(revision_lookup(
			revision, "no/ne", &entry, &found, &diags));
		assert_false(found);
		assert_true(revision_lookup(
			revision, "a.yaml", &entry, &found, &diags));
		assert_true(found);
		expect_no_findings(&diags);
	}
}

static void paths_cannot_leave_the_catalog(void **state)
{
	const char *const paths[] = {"../secret", "a/../../secret",
		"/etc/passwd", "a//b", "./a", "a/"};
	const char *const revs[] = {"HEAD", "INDEX", "WORKTREE"};

	(void)state;
	scratch_write(&scratch, "repo/ops/a.yaml", "text\n");
	scratch_write(&scratch, "repo/secret", "text\n");
	scratch_commit(&scratch, "repo");
	for (size_t i = 0; i < COUNT(revs); i++) {
		revision_close(revision);
		must_open("repo/ops", revs[i]);
		for (size_t k = 0; k < COUNT(paths); k++)
			refuses_to_read(
				paths[k], RULE_IO_READ, "not a path inside");
		diags_release(&diags);
	}
}

static void symbolic_links_lead_nowhere(void **state)
{
	const char *const revs[] = {"HEAD", "INDEX", "WORKTREE"};

	(void)state;
	scratch_write(&scratch, "repo/real/a.yaml", "text\n");
	assert_int_equal(
		symlink("real/a.yaml", scratch_path(&scratch, "repo/file")), 0);
	assert_int_equal(
		symlink("real", scratch_path(&scratch, "repo/folder")), 0);
	scratch_commit(&scratch, "repo");
	for (size_t i = 0; i < COUNT(revs); i++) {
		revision_close(revision);
		must_open("repo", revs[i]);

		refuses_to_read("file", RULE_LAYOUT_FILE_TYPE, "symbolic link");
		diags_release(&diags);
		if (!strcmp(revs[i], "INDEX")) {
			/* It has no entry below a link. */
			assert_null(read_path("folder/a.yaml"));
			continue;
		}
		refuses_to_read("folder/a.yaml", RULE_LAYOUT_FILE_TYPE,
			"'folder' is a symbolic link");
		diags_release(&diags);
	}
}

static void a_named_pipe_does_not_block(void **state)
{
	(void)state;
	scratch_write(&scratch, "plain/a.yaml", "text\n");
	assert_int_equal(
		mkfifo(scratch_path(&scratch, "plain/pipe.yaml"), 0600), 0);
	must_open("plain", "WORKTREE");
	alarm(10);

	refuses_to_read("pipe.yaml", RULE_LAYOUT_FILE_TYPE, "a named pipe");

	alarm(0);
}

static void a_document_over_the_limit_is_refused(void **state)
{
	const char *const revs[] = {"HEAD", "INDEX", "WORKTREE"};
	AUTO_FREE char *large = own_alloc(YAML_MAX_BYTES + 2);

	(void)state;
	memset(large, '#', YAML_MAX_BYTES);
	scratch_write(&scratch, "repo/most.yaml", large);
	large[YAML_MAX_BYTES] = '#';
	scratch_write(&scratch, "repo/more.yaml", large);
	scratch_commit(&scratch, "repo");
	for (size_t i = 0; i < COUNT(revs); i++) {
		revision_close(revision);
		must_open("repo", revs[i]);

		assert_int_equal(
			read_path("most.yaml")->length, YAML_MAX_BYTES);
		refuses_to_read(
			"more.yaml", RULE_LAYOUT_SIZE, "more.yaml:0: error");
		diags_release(&diags);
	}
}

static void a_missing_blob_says_how_to_fetch_it(void **state)
{
	(void)state;
	scratch_write(&scratch, "repo/a.yaml", "text\n");
	scratch_commit(&scratch, "repo");
	/* git hash-object says so of "text\n" */
	assert_int_equal(unlink(scratch_path(&scratch,
				 "repo/.git/objects/8e/27be7d6154a1f68ea9160ef0"
				 "e18691d20560dc")),
		0);
	must_open("repo", "HEAD");

	refuses_to_read("a.yaml", RULE_GIT_OBJECT, "fetch --refetch");
}

static void a_damaged_blob_is_noticed(void **state)
{
	const char *path;
	FILE *file;

	(void)state;
	scratch_write(&scratch, "repo/a.yaml", "text\n");
	scratch_write(&scratch, "repo/b.yaml", "other\n");
	scratch_commit(&scratch, "repo");
	path = scratch_path(&scratch,
		"repo/.git/objects/8e/27be7d6154a1f68ea9160ef0e18691d20560dc");
	assert_int_equal(chmod(path, 0600), 0);
	file = fopen(path, "r+");
	assert_non_null(file);
	fputs("damage", file);
	fclose(file);
	must_open("repo", "HEAD");

	refuses_to_read("a.yaml", RULE_GIT_OBJECT, "cannot read the object");
	expect_content("b.yaml", "other\n");
}

/* libgit2 1.5 alone would read for ever; alarm(2) then ends this program. */
static void a_truncated_blob_is_noticed(void **state)
{
	char content[256];
	uint32_t random = 1;
	const char *path;

	(void)state;
	/* As long as that its end is not read together with its header. */
	for (size_t i = 0; i < sizeof(content) - 1; i++) {
		random = random * 1103515245 + 12345;
		content[i] = (char)('0' + (random >> 16) % 61);
	}
	content[sizeof(content) - 1] = '\0';
	scratch_write(&scratch, "repo/a.yaml", content);
	scratch_commit(&scratch, "repo");
	/* git hash-object says so of the content */
	path = scratch_path(&scratch, "repo/.git/objects/0c/"
				      "e40c8c9c72b5601ca4830b2f601d5eb80bfbc3");
	assert_int_equal(truncate(path, 150), 0);
	must_open("repo", "HEAD");

	alarm(20);
	refuses_to_read("a.yaml", RULE_GIT_OBJECT, "ends too early");
	alarm(0);
}

static void a_merge_conflict_in_the_index_is_named(void **state)
{
	(void)state;
	scratch_write(&scratch, "repo/d/a.yaml", "one\n");
	scratch_write(&scratch, "repo/d/b.yaml", "one\n");
	scratch_commit(&scratch, "repo");
	scratch_git(&scratch, "repo", "checkout", "-q", "-b", "side", NULL);
	scratch_write(&scratch, "repo/d/a.yaml", "two\n");
	scratch_commit(&scratch, "repo");
	scratch_git(&scratch, "repo", "checkout", "-q", "main", NULL);
	scratch_write(&scratch, "repo/d/a.yaml", "three\n");
	scratch_commit(&scratch, "repo");
	assert_int_not_equal(
		system("cd \"$HOME/../repo\" && git -c user.name=t "
		       "-c user.email=t@t merge -q side "
		       ">/dev/null 2>&1"),
		0);
	must_open("repo", "INDEX");

	refuses_to_read("d/a.yaml", RULE_GIT_OBJECT, "merge conflict");
	expect_content("d/b.yaml", "one\n");
}

static void a_change_below_the_catalog_makes_head_dirty(void **state)
{
	(void)state;
	scratch_write(&scratch, "repo/ops/a.yaml", "text\n");
	scratch_write(&scratch, "repo/other/b.yaml", "text\n");
	scratch_commit(&scratch, "repo");
	must_open("repo/ops", "HEAD");
	assert_false(revision_is_dirty(revision));

	scratch_write(&scratch, "repo/other/b.yaml", "changed\n");
	assert_false(revision_is_dirty(revision));
	scratch_write(&scratch, "repo/ops/a.yaml", "changed\n");
	assert_true(revision_is_dirty(revision));

	scratch_write(&scratch, "repo/ops/a.yaml", "text\n");
	assert_false(revision_is_dirty(revision));
	scratch_write(&scratch, "repo/ops/new.yaml", "text\n");
	assert_true(revision_is_dirty(revision));
	revision_close(revision);
	must_open("repo/ops", "main");
	assert_false(revision_is_dirty(revision));
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
		TEST(entries_come_in_the_order_of_strcmp),
		TEST(a_listed_entry_leads_on_without_its_path),
		TEST(what_is_not_there_is_no_error),
		TEST(paths_cannot_leave_the_catalog),
		TEST(symbolic_links_lead_nowhere),
		TEST(a_named_pipe_does_not_block),
		TEST(a_document_over_the_limit_is_refused),
		TEST(a_missing_blob_says_how_to_fetch_it),
		TEST(a_damaged_blob_is_noticed),
		TEST(a_truncated_blob_is_noticed),
		TEST(a_merge_conflict_in_the_index_is_named),
		TEST(a_change_below_the_catalog_makes_head_dirty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
