/*
 * What is read and listed of a revision, and what is refused.
 */
#include "tests/unit/scratch_revision.h"

static void entries_come_in_the_order_of_strcmp(void **state)
{
	static const char *const names[] = {
		"a", "a-b.yaml", "a.yaml", "b.yaml", "link"};
	(void)state;
	scratch_write(&scratch, "repo/top/a/x.yaml", "text\n");
	scratch_write(&scratch, "repo/top/a/y.yaml", "text\n");
	scratch_write(&scratch, "repo/top/a-b.yaml", "text\n");
	scratch_write(&scratch, "repo/top/a.yaml", "text\n");
	scratch_write(&scratch, "repo/top/b.yaml", "text\n");
	assert_int_equal(
		symlink("b.yaml", scratch_path(&scratch, "repo/top/link")), 0);
	scratch_commit(&scratch, "repo");
	for (size_t i = 0; i < COUNT(all_revs); i++) {
		struct revision_entry *entries;
		size_t count;

		revision_close(revision);
		must_open("repo", all_revs[i]);
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
	(void)state;
	scratch_write(&scratch, "repo/top/a/x.yaml", "text\n");
	scratch_commit(&scratch, "repo");
	for (size_t i = 0; i < COUNT(all_revs); i++) {
		const struct source *source;
		struct revision_entry *entries;
		size_t count;

		revision_close(revision);
		must_open("repo", all_revs[i]);
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
	(void)state;
	scratch_write(&scratch, "repo/a.yaml", "text\n");
	scratch_commit(&scratch, "repo");
	for (size_t i = 0; i < COUNT(all_revs); i++) {
		struct revision_entry *entries;
		struct revision_entry entry;
		size_t count;
		bool found;

		revision_close(revision);
		must_open("repo", all_revs[i]);

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
	(void)state;
	scratch_write(&scratch, "repo/ops/a.yaml", "text\n");
	scratch_write(&scratch, "repo/secret", "text\n");
	scratch_commit(&scratch, "repo");
	for (size_t i = 0; i < COUNT(all_revs); i++) {
		revision_close(revision);
		must_open("repo/ops", all_revs[i]);
		for (size_t k = 0; k < COUNT(paths); k++)
			refuses_to_read(
				paths[k], RULE_IO_READ, "not a path inside");
		diags_release(&diags);
	}
}

static void symbolic_links_lead_nowhere(void **state)
{
	(void)state;
	scratch_write(&scratch, "repo/real/a.yaml", "text\n");
	assert_int_equal(
		symlink("real/a.yaml", scratch_path(&scratch, "repo/file")), 0);
	assert_int_equal(
		symlink("real", scratch_path(&scratch, "repo/folder")), 0);
	scratch_commit(&scratch, "repo");
	for (size_t i = 0; i < COUNT(all_revs); i++) {
		revision_close(revision);
		must_open("repo", all_revs[i]);

		refuses_to_read("file", RULE_LAYOUT_FILE_TYPE, "symbolic link");
		diags_release(&diags);
		if (!strcmp(all_revs[i], "INDEX")) {
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
	alarm(60);

	refuses_to_read("pipe.yaml", RULE_LAYOUT_FILE_TYPE, "a named pipe");

	alarm(0);
}

static void a_document_over_the_limit_is_refused(void **state)
{
	AUTO_FREE char *large = own_alloc(YAML_MAX_BYTES + 2);

	(void)state;
	memset(large, '#', YAML_MAX_BYTES);
	scratch_write(&scratch, "repo/most.yaml", large);
	large[YAML_MAX_BYTES] = '#';
	scratch_write(&scratch, "repo/more.yaml", large);
	scratch_commit(&scratch, "repo");
	for (size_t i = 0; i < COUNT(all_revs); i++) {
		revision_close(revision);
		must_open("repo", all_revs[i]);

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

/*
 * libgit2 alone would read for ever, see truncated.h; alarm(2) then ends this
 * program. Why it cannot be read is said in words of the version.
 */
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
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(truncate(path, 150), 0);
	must_open("repo", "HEAD");

	alarm(60);
	refuses_to_read("a.yaml", RULE_GIT_OBJECT, "cannot read the object");
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
