/*
 * Which of two lists of documents are renames of each other.
 */
#include "tests/unit/unit.h"

#include "catalog/history/similarity.h"

#include <git2.h>
#include <stdio.h>

static struct similar_list old, now;

static int clean(void **state)
{
	(void)state;
	similar_list_release(&old);
	similar_list_release(&now);
	return 0;
}

static void add(struct similar_list *list, const char *id, const char *bytes)
{
	struct similar *renamed = similar_add(list);

	renamed->path = id;
	renamed->id = id;
	renamed->id_length = strlen(id);
	renamed->bytes = bytes;
	renamed->length = strlen(bytes);
	similar_identify(renamed);
}

static void pair(void)
{
	similarity_pair_same(&old, &now);
	similarity_pair_equal(&old, &now);
	similarity_pair_alike(&old, &now);
}

/* What the n-th new one was, or "". */
static const char *was(size_t n)
{
	const struct similar *other = now.list[n].other;

	assert_true(!other || other->other == &now.list[n]);
	return other ? other->path : "";
}

static void half_of_the_bytes_is_enough_and_less_is_not(void **state)
{
	(void)state;
	add(&old, "half", "1234567\nabcdefg\n");
	add(&now, "enough", "1234567\nABCDEFG\n");
	pair();
	assert_string_equal(was(0), "half");
	clean(state);

	add(&old, "half", "1234567\nabcdefg\n");
	add(&now, "less", "1234567\nABCDEFGH\n");
	pair();
	assert_string_equal(was(0), "");
	clean(state);

	add(&old, "short", "1234567\n");
	add(&now, "twice as long", "1234567\n1234567\n");
	pair();
	assert_string_equal(was(0), "short");
}

static void the_order_of_lines_does_not_count(void **state)
{
	(void)state;
	add(&old, "a", "one\ntwo\nthree\nfour\n");
	add(&now, "b", "four\nthree\ntwo\none\n");
	pair();
	assert_string_equal(was(0), "a");
}

static void long_lines_are_alike_where_they_begin_alike(void **state)
{
	char before[512];
	char after[512];

	(void)state;
	memset(before, 'x', sizeof(before));
	memset(after, 'x', sizeof(after));
	strcpy(before + 400, "and an end\n");
	strcpy(after + 400, "with another\n");
	add(&old, "a", before);
	add(&now, "b", after);
	pair();
	assert_string_equal(was(0), "a");
}

static void what_is_equal_pairs_before_what_is_alike(void **state)
{
	(void)state;
	add(&old, "a", "one\ntwo\nthree\n");
	add(&now, "alike", "one\ntwo\nfour\n");
	add(&now, "equal", "one\ntwo\nthree\n");
	pair();
	assert_string_equal(was(0), "");
	assert_string_equal(was(1), "a");
}

static void what_is_more_alike_pairs_first(void **state)
{
	(void)state;
	add(&old, "a", "one\ntwo\nthree\nfour\nfive\n");
	add(&old, "b", "one\ntwo\nthree\nfour\nsix\n");
	add(&now, "x", "one\ntwo\nthree\nfour\n66666\n");
	add(&now, "y", "one\ntwo\nthree\nfour\nsix\nseven\n");
	pair();
	assert_string_equal(was(0), "a");
	assert_string_equal(was(1), "b");
}

static void what_keeps_its_id_is_no_rename(void **state)
{
	(void)state;
	add(&old, "a", "one\n");
	add(&old, "b", "two\n");
	add(&now, "a", "two\n");
	add(&now, "c", "two\n");
	pair();
	assert_string_equal(was(0), "a");
	assert_string_equal(was(1), "b");
}

static void of_several_that_fit_the_first_path_counts(void **state)
{
	(void)state;
	add(&old, "b", "same\n");
	add(&old, "a", "same\n");
	add(&now, "z", "same\n");
	add(&now, "y", "same\n");
	add(&now, "x", "same\n");
	pair();
	assert_string_equal(was(0), "");
	assert_string_equal(was(1), "b");
	assert_string_equal(was(2), "a");
}

static void empty_and_unread_documents_are_like_nothing(void **state)
{
	(void)state;
	add(&old, "a", "one\ntwo\nthree\n");
	old.list[0].bytes = NULL;
	add(&old, "b", "");
	add(&now, "x", "one\ntwo\nfour\n");
	pair();
	assert_string_equal(was(0), "");
}

static void of_too_many_only_the_equal_ones_pair(void **state)
{
	char names[401][8];

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		snprintf(names[i], sizeof(names[i]), "%zu", i);
		add(&old, names[i], names[i]);
	}
	add(&old, "alike", "one\ntwo\nthree\n");
	add(&now, "x", "one\ntwo\nfour\n");
	add(&now, "y", "7");
	pair();
	assert_string_equal(was(0), "");
	assert_string_equal(was(1), "7");
	assert_true(similarity_has_too_many(&old, &now));
}

#define TEST(name) cmocka_unit_test_teardown(name, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(half_of_the_bytes_is_enough_and_less_is_not),
		TEST(the_order_of_lines_does_not_count),
		TEST(long_lines_are_alike_where_they_begin_alike),
		TEST(what_is_equal_pairs_before_what_is_alike),
		TEST(what_is_more_alike_pairs_first),
		TEST(what_keeps_its_id_is_no_rename),
		TEST(of_several_that_fit_the_first_path_counts),
		TEST(empty_and_unread_documents_are_like_nothing),
		TEST(of_too_many_only_the_equal_ones_pair),
	};

	/* Its object ids are computed by libgit2. */
	git_libgit2_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
