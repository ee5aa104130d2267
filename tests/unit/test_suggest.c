/*
 * "Did you mean": near enough, and nothing far-fetched.
 */
#include "tests/unit/unit.h"

#include "schema/base/suggest.h"

static const char *const keys[] = {"health_check", "host", "remote_port",
	"local_host", "remote_bind", "local_port", "ssh_user", "ssh_key",
	"tags", "labels"};

static void a_typo_finds_its_key(void **state)
{
	static const struct {
		const char *word;
		const char *key;
	} rows[] = {
		{"helth_check", "health_check"},   /* left out */
		{"health_checkk", "health_check"}, /* too many */
		{"health-check", "health_check"},  /* another letter */
		{"ehalth_check", "health_check"},  /* swapped */
		{"healthchek", "health_check"},    /* two edits */
		{"hots", "host"},
		{"remoteport", "remote_port"},
		{"lokal_port", "local_port"},
		{"ssh_usr", "ssh_user"},
		{"SSH_KEY", "ssh_key"},
		{"Tags", "tags"},
		{"local-port", "local_port"},
		{"health", "health_check"}, /* the first part of one alone */
		{"label", "labels"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *found = suggest_nearest(
			rows[i].word, keys, COUNT(keys));

		assert_non_null(found);
		assert_string_equal(found, rows[i].key);
	}
}

static void a_word_far_from_all_finds_nothing(void **state)
{
	static const char *const words[] = {"colour", "remote", "ssh", "x",
		"zz", "port", "completely_different", ""};

	(void)state;
	for (size_t i = 0; i < COUNT(words); i++)
		assert_null(suggest_nearest(words[i], keys, COUNT(keys)));
}

static void of_equally_near_ones_the_first_is_taken(void **state)
{
	static const char *const first[] = {"cart", "card", "care"};
	static const char *const second[] = {"care", "cart", "card"};

	(void)state;
	assert_string_equal(suggest_nearest("carx", first, 3), "cart");
	assert_string_equal(suggest_nearest("carx", second, 3), "care");
}

static void a_nearer_one_later_in_the_list_is_taken(void **state)
{
	static const char *const list[] = {
		"local_points", "local_posts", "local_port"};

	(void)state;
	assert_string_equal(
		suggest_nearest("local_pory", list, 3), "local_port");
}

static void a_swap_is_one_edit(void **state)
{
	static const char *const list[] = {"abd", "acb"};

	(void)state;
	/* "abc" to "acb" is one swap, to "abd" one letter: the first wins. */
	assert_string_equal(suggest_nearest("abc", list, 2), "abd");
	/* Two edits would be too many for a word of four letters. */
	assert_string_equal(suggest_nearest("hsot", keys, COUNT(keys)), "host");
}

static void a_short_word_has_one_edit_at_most(void **state)
{
	static const char *const one[] = {"on"};
	static const char *const other[] = {"ab"};

	(void)state;
	assert_string_equal(suggest_nearest("oh", one, 1), "on");
	assert_null(suggest_nearest("xy", other, 1));
	/* A word of which no letter would stay is not near. */
	assert_null(suggest_nearest("x", other, 1));
}

static void words_over_64_bytes_have_none(void **state)
{
	char word[66];
	char longer[66];
	const char *list[] = {longer};

	(void)state;
	memset(word, 'a', sizeof(word));
	memset(longer, 'a', sizeof(longer));
	word[63] = '\0';
	longer[64] = '\0';
	assert_string_equal(suggest_nearest(word, list, 1), longer);

	word[63] = 'a';
	word[65] = '\0';
	assert_null(suggest_nearest(word, list, 1));

	word[64] = '\0';
	longer[64] = 'a';
	longer[65] = '\0';
	assert_null(suggest_nearest(word, list, 1));
}

static void no_candidates_give_no_answer(void **state)
{
	(void)state;
	assert_null(suggest_nearest("host", NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_typo_finds_its_key),
		cmocka_unit_test(a_word_far_from_all_finds_nothing),
		cmocka_unit_test(of_equally_near_ones_the_first_is_taken),
		cmocka_unit_test(a_nearer_one_later_in_the_list_is_taken),
		cmocka_unit_test(a_swap_is_one_edit),
		cmocka_unit_test(a_short_word_has_one_edit_at_most),
		cmocka_unit_test(words_over_64_bytes_have_none),
		cmocka_unit_test(no_candidates_give_no_answer),
	};

	return cmocka_run_group_tests_name("nearest", tests, NULL, NULL);
}
