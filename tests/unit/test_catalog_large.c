/*
 * Catalogs that are worth an index in the cache and more than one thread.
 */
#include "catalog/store/load.h"
#include "tests/unit/scratch_catalog.h"

#include <dirent.h>

/* More than the index is worth, and more than one thread is. */
static void write_large(void)
{
	for (int i = 0; i < 600; i++) {
		char path[80];

		snprintf(path, sizeof(path),
			"cat/domains/d%02d/bridges/b%03d.yaml", i % 20, i);
		scratch_write(&scratch, path, bridge_text);
		if (i < 20) {
			snprintf(path, sizeof(path),
				"cat/domains/d%02d/domain.yaml", i);
			scratch_write(&scratch, path, "name: D\n");
		}
	}
	scratch_write(
		&scratch, "cat/domains/d07/targets/box.yaml", target_text);
	scratch_write(&scratch, "cat/actors/bot.yaml", "class: human\n");
}

/* What was written, in a commit; indexes go to the folder cache/. */
static void open_with_cache(void)
{
	scratch_commit(&scratch, "cat");
	setenv("XDG_CACHE_HOME", scratch_path(&scratch, "cache"), 1);
	must_open("HEAD");
}

static size_t list_cache(char *first, size_t size)
{
	const char *folder = scratch_path(&scratch, "cache/bridge");
	const struct dirent *entry;
	size_t count = 0;
	DIR *stream = opendir(folder);

	while (stream && (entry = readdir(stream))) {
		if (entry->d_name[0] == '.' && strlen(entry->d_name) < 3)
			continue;
		if (!count++)
			snprintf(first, size, "cache/bridge/%s", entry->d_name);
	}
	if (stream)
		closedir(stream);
	return count;
}

static void a_large_catalog_gets_an_index_in_the_cache(void **state)
{
	char name[300];

	(void)state;
	write_large();
	open_with_cache();

	assert_string_equal(find(DOCUMENT_BRIDGE, "b123")->domain, "d03");
	assert_int_equal(list_cache(name, sizeof(name)), 1);
	assert_string_equal(find(DOCUMENT_BRIDGE, "b599")->domain, "d19");
	assert_string_equal(find(DOCUMENT_TARGET, "box")->domain, "d07");
	assert_null(find(DOCUMENT_BRIDGE, "box"));
	assert_null(find(DOCUMENT_BRIDGE, "b600"));
}

static void a_small_catalog_gets_none(void **state)
{
	char name[300];

	(void)state;
	write_small();
	open_with_cache();

	assert_non_null(find(DOCUMENT_BRIDGE, "web"));

	assert_int_equal(list_cache(name, sizeof(name)), 0);
}

/* Read it, change one byte everywhere in turn, ask. */
static void a_damaged_index_never_gives_a_wrong_answer(void **state)
{
	char name[300];
	char *bytes;
	long size;
	FILE *file;

	(void)state;
	write_large();
	open_with_cache();
	assert_non_null(find(DOCUMENT_BRIDGE, "b123"));
	assert_int_equal(list_cache(name, sizeof(name)), 1);
	file = fopen(scratch_path(&scratch, name), "r");
	assert_non_null(file);
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	rewind(file);
	bytes = own_alloc((size_t)size);
	assert_int_equal(fread(bytes, 1, (size_t)size, file), size);
	fclose(file);

	for (long at = 0; at < size; at += at < 40 ? 1 : 97) {
		char kept = bytes[at];

		bytes[at] = (char)~kept;
		file = fopen(scratch_path(&scratch, name), "w");
		assert_int_equal(fwrite(bytes, 1, (size_t)size, file), size);
		fclose(file);
		bytes[at] = kept;
		must_open("HEAD");
		assert_string_equal(
			find(DOCUMENT_BRIDGE, "b123")->domain, "d03");
		assert_null(find(DOCUMENT_BRIDGE, "b600"));
	}
	for (long length = 0; length < size; length += 311) {
		assert_int_equal(
			truncate(scratch_path(&scratch, name), length), 0);
		must_open("HEAD");
		assert_string_equal(
			find(DOCUMENT_BRIDGE, "b123")->domain, "d03");
	}
	free(bytes);
}

static void an_index_that_lies_costs_time_and_nothing_else(void **state)
{
	char old[300];
	char new[300];

	(void)state;
	write_large();
	open_with_cache();
	assert_string_equal(find(DOCUMENT_BRIDGE, "b123")->domain, "d03");
	assert_int_equal(list_cache(old, sizeof(old)), 1);
	assert_int_equal(rename(scratch_path(&scratch, old),
				 scratch_path(&scratch, "old")),
		0);
	scratch_git(&scratch, "cat", "mv", "domains/d03/bridges/b123.yaml",
		"domains/d04/bridges/b123.yaml", NULL);
	scratch_commit(&scratch, "cat");
	must_open("HEAD");
	assert_non_null(find(DOCUMENT_BRIDGE, "b124"));
	assert_int_equal(list_cache(new, sizeof(new)), 1);
	assert_string_not_equal(new, old);
	assert_int_equal(rename(scratch_path(&scratch, "old"),
				 scratch_path(&scratch, new)),
		0);

	must_open("HEAD");

	assert_string_equal(find(DOCUMENT_BRIDGE, "b123")->domain, "d04");
}

static void a_cache_that_cannot_be_written_is_no_error(void **state)
{
	(void)state;
	write_large();
	scratch_write(&scratch, "cache", "a file, not a folder\n");
	open_with_cache();

	assert_string_equal(find(DOCUMENT_BRIDGE, "b123")->domain, "d03");

	expect_no_findings(&diags);
}

static void only_the_newest_indexes_are_kept(void **state)
{
	char name[300];

	(void)state;
	write_large();
	for (int i = 0; i < 12; i++) {
		snprintf(name, sizeof(name), "cache/bridge/locate-1-%040d", i);
		scratch_write(&scratch, name, "old\n");
	}
	scratch_write(&scratch, "cache/bridge/other", "not ours\n");
	open_with_cache();

	assert_non_null(find(DOCUMENT_BRIDGE, "b123"));

	assert_int_equal(list_cache(name, sizeof(name)), 8 + 1);
}

static void many_documents_are_all_read_and_findings_keep_one_order(
	void **state)
{
	(void)state;
	write_large();
	for (int i = 0; i < 40; i++) {
		char path[80];

		snprintf(path, sizeof(path),
			"cat/domains/d%02d/bridges/b%03d.yaml", i % 20, i);
		scratch_write(&scratch, path, "{ broken\n");
	}
	/* Found while listing, before anything is parsed. */
	scratch_write(&scratch, "cat/domains/zz.txt", "stray\n");
	scratch_commit(&scratch, "cat");
	must_open("HEAD");
	assert_false(load_catalog(catalog, &diags));

	assert_int_equal(catalog->files, 600 + 20 + 2);
	assert_int_equal(diags.count, 41);
	assert_int_equal(diags.errors, 40);
	for (size_t i = 0; i < catalog->of[DOCUMENT_BRIDGE].count; i++)
		assert_true(catalog->of[DOCUMENT_BRIDGE].list[i]->read);
	for (size_t i = 1; i < diags.count; i++)
		assert_true(
			strcmp(diags.list[i - 1].path, diags.list[i].path) < 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_large_catalog_gets_an_index_in_the_cache),
		TEST(a_small_catalog_gets_none),
		TEST(a_damaged_index_never_gives_a_wrong_answer),
		TEST(an_index_that_lies_costs_time_and_nothing_else),
		TEST(a_cache_that_cannot_be_written_is_no_error),
		TEST(only_the_newest_indexes_are_kept),
		TEST(many_documents_are_all_read_and_findings_keep_one_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
