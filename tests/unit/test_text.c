/*
 * Texts, UTF-8 and arenas: what everything else stands on.
 */
#include "tests/unit/unit.h"

#include "schema/base/arena.h"
#include "schema/base/text.h"
#include "schema/base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <stdalign.h>
#include <unistd.h>

static void a_new_text_is_the_empty_string(void **state)
{
	AUTO(text) text = TEXT_INIT;

	(void)state;
	text_append(&text, "");
	text_append_bytes(&text, "x", 0);
	text_consume(&text, 0);
	text_clear(&text);

	assert_string_equal(text.data, "");
	assert_int_equal(text.length, 0);
}

static void a_text_grows_and_always_ends_in_a_nul(void **state)
{
	AUTO(text) text = TEXT_INIT;

	(void)state;
	for (size_t i = 0; i < 5000; i++) {
		text_append_char(&text, (char)('a' + i % 26));
		assert_int_equal(text.length, i + 1);
		assert_int_equal(text.data[text.length], '\0');
	}

	assert_memory_equal(text.data, "abcdefghijklmnopqrstuvwxyzab", 28);
	assert_int_equal(text.data[4999], 'a' + 4999 % 26);
}

static void a_text_holds_nuls(void **state)
{
	AUTO(text) text = TEXT_INIT;

	(void)state;
	text_append_bytes(&text, "a\0b", 3);
	text_append(&text, "c");

	assert_int_equal(text.length, 4);
	assert_memory_equal(text.data, "a\0bc", 5);
}

static void a_format_of_any_length_fits(void **state)
{
	AUTO(text) text = TEXT_INIT;

	(void)state;
	text_format(&text, "%s:%d", "port", 8000);
	text_format(&text, "%1000d", 7);
	text_format(&text, "%s", "");

	assert_int_equal(text.length, 1009);
	assert_memory_equal(text.data, "port:8000 ", 10);
	assert_string_equal(text.data + 1007, " 7");
}

static void consumed_bytes_are_gone_from_the_front(void **state)
{
	AUTO(text) text = TEXT_INIT;

	(void)state;
	text_append(&text, "one\ntwo\n");
	text_consume(&text, 4);
	assert_string_equal(text.data, "two\n");
	assert_int_equal(text.length, 4);

	text_consume(&text, 4);
	assert_string_equal(text.data, "");
	assert_int_equal(text.length, 0);
}

static void a_cleared_text_is_empty_and_keeps_its_memory(void **state)
{
	AUTO(text) text = TEXT_INIT;
	size_t capacity;

	(void)state;
	text_append(&text, "content");
	capacity = text.capacity;
	text_clear(&text);

	assert_string_equal(text.data, "");
	assert_int_equal(text.length, 0);
	assert_int_equal(text.capacity, capacity);
}

static void a_detached_text_is_the_callers_also_when_empty(void **state)
{
	AUTO(text) text = TEXT_INIT;
	AUTO_FREE char *empty = text_detach(&text);
	AUTO_FREE char *full = NULL;

	(void)state;
	text_append(&text, "mine");
	full = text_detach(&text);

	assert_string_equal(empty, "");
	assert_ptr_not_equal(empty, text_empty);
	assert_string_equal(full, "mine");
	assert_int_equal(text.length, 0);
	assert_ptr_equal(text.data, text_empty);
}

/* A pipe with this much in it, and its writing end closed. */
static int pipe_with(const char *bytes, size_t length)
{
	int ends[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(write(ends[1], bytes, length), length);
	close(ends[1]);
	return ends[0];
}

static void reading_appends_up_to_the_end(void **state)
{
	AUTO_CLOSE int fd = pipe_with("world\0!", 7);
	AUTO(text) text = TEXT_INIT;

	(void)state;
	text_append(&text, "hello ");
	assert_true(text_read(&text, fd, 7));

	assert_int_equal(text.length, 13);
	assert_memory_equal(text.data, "hello world\0!", 14);
}

static void reading_ends_when_there_is_more_than_allowed(void **state)
{
	AUTO_CLOSE int fd = pipe_with("12345678", 8);
	AUTO_CLOSE int endless = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	AUTO(text) text = TEXT_INIT;

	(void)state;
	errno = 0;
	assert_false(text_read(&text, fd, 7));
	assert_int_equal(errno, EFBIG);

	errno = 0;
	assert_false(text_read(&text, endless, 100000));
	assert_int_equal(errno, EFBIG);
	assert_true(text.length < 200000);
}

static void a_read_that_fails_says_why(void **state)
{
	AUTO_CLOSE int folder = open("/", O_RDONLY | O_CLOEXEC);
	AUTO(text) text = TEXT_INIT;

	(void)state;
	assert_false(text_read(&text, folder, 100));

	assert_int_equal(errno, EISDIR);
}

static void what_a_terminal_would_obey_becomes_visible(void **state)
{
	static const struct {
		const char *bytes;
		const char *shown;
	} rows[] = {
		{"", ""},
		{"plain ~ text", "plain ~ text"},
		/* a backslash of the text itself is left alone */
		{"C:\\x1b", "C:\\x1b"},
		/* C0 and DEL */
		{"\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"},
		{"a\nb\r\tc\x07\x7f", "a\\x0ab\\x0d\\x09c\\x07\\x7f"},
		/* C1: a lone U+009B is CSI to some terminals */
		{"\xc2\x80\xc2\x9b"
		 "31m\xc2\x9f",
			"\\x80\\x9b31m\\x9f"},
		{"\xc2\xa0", "\xc2\xa0"},
		/* bidirectional: embeddings, overrides, isolates, marks */
		{"a\xe2\x80\xae"
		 "b",
			"a\\u202eb"},
		{"\xe2\x80\xaa\xe2\x81\xa6\xe2\x81\xa9\xe2\x80\x8e\xd8\x9c",
			"\\u202a\\u2066\\u2069\\u200e\\u061c"},
		/* zero width, invisible, line separators */
		{"a\xe2\x80\x8b"
		 "b\xe2\x80\x8d"
		 "c\xef\xbb\xbf",
			"a\\u200bb\\u200dc\\ufeff"},
		{"\xc2\xad\xe2\x81\xa0\xe2\x80\xa8\xe2\x80\xa9",
			"\\xad\\u2060\\u2028\\u2029"},
		/* tags that hide ASCII, variation selectors, noncharacters */
		{"\xf3\xa0\x81\x81\xef\xb8\x8f\xef\xbf\xbe",
			"\\ue0041\\ufe0f\\ufffe"},
		/* what a CI runner obeys */
		{"x ##[add-mask]y", "x \\x23#[add-mask]y"},
		{"##vso[task.x]", "\\x23#vso[task.x]"},
		{"###[a]", "#\\x23#[a]"},
		{"a ## b [c] ##", "a ## b [c] ##"},
		/* visible text beyond ASCII stays */
		{"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\xe4\xb8\xad",
			"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\xe4\xb8\xad"},
		/* not UTF-8: byte by byte, and on with the next */
		{"\xff"
		 "a\x80\xc3",
			"\\xffa\\x80\\xc3"},
		{"\xc0\xaf\xed\xa0\x80", "\\xc0\\xaf\\xed\\xa0\\x80"},
		{"\xe2\x82x", "\\xe2\\x82x"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		AUTO(text) text = TEXT_INIT;

		text_append_visible(
			&text, rows[i].bytes, strlen(rows[i].bytes));
		assert_string_equal(text.data, rows[i].shown);
	}
}

static void json_keeps_its_meaning_and_a_terminal_its_state(void **state)
{
	AUTO(text) text = TEXT_INIT;

	(void)state;

	text_append_json_visible(&text,
		"{\n \"\xc3\xa9\": \"a\x7f\xc2\x9b\xe2\x80\xae\xf3\xa0\x80\x81\"}");

	assert_string_equal(text.data,
		"{\n \"\xc3\xa9\": \"a\\u007f\\u009b\\u202e\\udb40\\udc01\"}");
}

static void a_nul_and_every_other_control_becomes_visible(void **state)
{
	(void)state;
	for (unsigned point = 0; point < 0xa0; point++) {
		AUTO(text) text = TEXT_INIT;
		char bytes[4];
		size_t length = utf8_encode(bytes, point);
		bool control = point < 0x20 || point >= 0x7f;

		text_append_visible(&text, bytes, length);

		assert_int_equal(text.length, control ? 4 : 1);
		assert_int_equal(text.data[0], control ? '\\' : (char)point);
	}
}

/* All bytes of a code point, or 0 for what is none. */
static size_t decode(uint32_t *point, const char *bytes)
{
	return utf8_decode(point, bytes, strlen(bytes));
}

static void every_code_point_survives_encoding(void **state)
{
	(void)state;
	for (uint32_t point = 0; point <= 0x10ffff; point++) {
		char bytes[4];
		uint32_t back = 0;
		size_t length = utf8_encode(bytes, point);
		bool surrogate = point >= 0xd800 && point <= 0xdfff;
		size_t wanted = surrogate ? 0 : length;

		if (utf8_decode(&back, bytes, length) != wanted ||
			(wanted && back != point) ||
			utf8_decode(&back, bytes, length - 1))
			fail_msg("U+%04X", point);
	}
}

static void what_is_not_utf8_is_not_decoded(void **state)
{
	static const char *const wrong[] = {"\x80", "\xbf", "\xc0\x80",
		"\xc1\xbf", "\xc3", "\xc3(", "\xe0\x80\x80", "\xe0\x9f\xbf",
		"\xe2\x82", "\xe2(\xa1", "\xed\xa0\x80", "\xed\xbf\xbf",
		"\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf0\x9f\x98",
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xfe", "\xff", ""};
	uint32_t point;

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_int_equal(decode(&point, wrong[i]), 0);
}

static void the_valid_prefix_ends_before_the_first_wrong_byte(void **state)
{
	(void)state;
	assert_int_equal(utf8_valid_prefix("", 0), 0);
	assert_int_equal(utf8_valid_prefix("a\xc3\xa4z", 4), 4);
	assert_int_equal(utf8_valid_prefix("a\xc3\xa4\xffz", 5), 3);
	assert_int_equal(utf8_valid_prefix("ab\xe2\x82", 4), 2);
	assert_int_equal(utf8_valid_prefix("a\0b", 3), 3);
}

static void characters_are_counted_and_not_bytes(void **state)
{
	(void)state;
	assert_int_equal(utf8_count("", 0), 0);
	assert_int_equal(
		utf8_count("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", 10), 4);
}

static void noncharacters_of_every_plane_are_not_plain(void **state)
{
	(void)state;
	for (uint32_t plane = 0; plane <= 16; plane++) {
		assert_false(utf8_is_plain(plane << 16 | 0xfffe));
		assert_false(utf8_is_plain(plane << 16 | 0xffff));
	}
	assert_true(utf8_is_plain(0xfffd));
	assert_true(utf8_is_plain(' '));
}

static void memory_of_an_arena_is_zeroed_aligned_and_apart(void **state)
{
	AUTO(arena) arena = ARENA_INIT;
	unsigned char *earlier[300];

	(void)state;
	for (size_t i = 0; i < COUNT(earlier); i++) {
		size_t size = i * 7 + 1;

		earlier[i] = arena_alloc(&arena, size);
		assert_int_equal((uintptr_t)earlier[i] % alignof(uint64_t), 0);
		for (size_t k = 0; k < size; k++)
			assert_int_equal(earlier[i][k], 0);
		memset(earlier[i], (int)(i % 255) + 1, size);
	}

	for (size_t i = 0; i < COUNT(earlier); i++) {
		assert_int_equal(earlier[i][0], i % 255 + 1);
		assert_int_equal(earlier[i][i * 7], i % 255 + 1);
	}
	assert_true(arena.total >= 300 * 299 / 2 * 7);
}

static void an_arena_gives_more_than_a_block(void **state)
{
	AUTO(arena) arena = ARENA_INIT;
	char *large;
	char *small;

	(void)state;
	large = arena_alloc(&arena, 3 * 1024 * 1024);
	large[3 * 1024 * 1024 - 1] = 'x';
	small = arena_strdup(&arena, "small");

	assert_string_equal(small, "small");
	assert_int_equal(large[3 * 1024 * 1024 - 1], 'x');
	assert_int_equal(large[0], 0);
}

static void an_arena_that_was_reset_gives_zeroed_memory_again(void **state)
{
	AUTO(arena) arena = ARENA_INIT;

	(void)state;
	for (size_t round = 0; round < 3; round++) {
		for (size_t i = 0; i < 1000; i++) {
			char *part = arena_alloc(&arena, 100);

			for (size_t k = 0; k < 100; k++)
				assert_int_equal(part[k], 0);
			memset(part, 'x', 100);
		}
		arena_reset(&arena);
		assert_int_equal(arena.total, 0);
	}
}

static void copies_in_an_arena_end_in_a_nul(void **state)
{
	AUTO(arena) arena = ARENA_INIT;
	char *part;

	(void)state;
	part = arena_strndup(&arena, "a\0bcd", 3);

	assert_memory_equal(part, "a\0b", 4);
	assert_string_equal(arena_strndup(&arena, NULL, 0), "");
}

static void a_released_arena_can_be_used_again(void **state)
{
	AUTO(arena) arena = ARENA_INIT;

	(void)state;
	arena_strdup(&arena, "first");
	arena_release(&arena);
	arena_release(&arena);

	assert_int_equal(arena.total, 0);
	assert_string_equal(arena_strdup(&arena, "second"), "second");
}

static void width_is_counted_in_columns_of_a_terminal(void **state)
{
	static const struct {
		const char *text;
		size_t width;
	} cases[] = {
		{"", 0}, {"abc", 3}, {"\303\244", 1}, /* a letter */
		{"e\314\201", 1},                     /* an accent over one */
		{"\346\227\245\346\234\254", 4},      /* two ideographs */
		{"\360\237\221\215", 2},              /* an emoji */
		{"\315\270", 1},                      /* not assigned */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(
			utf8_width(cases[i].text, strlen(cases[i].text)),
			cases[i].width);
}

static void a_prefix_ends_between_characters(void **state)
{
	static const struct {
		const char *text;
		size_t width, bytes;
	} cases[] = {
		{"", 3, 0},
		{"abc", 0, 0},
		{"abc", 2, 2},
		{"abc", 9, 3},
		{"\346\227\245\346\234\254", 3, 3}, /* no half of the second */
		{"e\314\201x", 1, 3},               /* the accent stays */
		{"\303\244\303\266", 1, 2},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(utf8_prefix(cases[i].text,
					 strlen(cases[i].text), cases[i].width),
			cases[i].bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_text_is_the_empty_string),
		cmocka_unit_test(a_text_grows_and_always_ends_in_a_nul),
		cmocka_unit_test(a_text_holds_nuls),
		cmocka_unit_test(a_format_of_any_length_fits),
		cmocka_unit_test(consumed_bytes_are_gone_from_the_front),
		cmocka_unit_test(a_cleared_text_is_empty_and_keeps_its_memory),
		cmocka_unit_test(
			a_detached_text_is_the_callers_also_when_empty),
		cmocka_unit_test(a_prefix_ends_between_characters),
		cmocka_unit_test(reading_appends_up_to_the_end),
		cmocka_unit_test(reading_ends_when_there_is_more_than_allowed),
		cmocka_unit_test(a_read_that_fails_says_why),
		cmocka_unit_test(what_a_terminal_would_obey_becomes_visible),
		cmocka_unit_test(
			json_keeps_its_meaning_and_a_terminal_its_state),
		cmocka_unit_test(a_nul_and_every_other_control_becomes_visible),
		cmocka_unit_test(every_code_point_survives_encoding),
		cmocka_unit_test(what_is_not_utf8_is_not_decoded),
		cmocka_unit_test(
			the_valid_prefix_ends_before_the_first_wrong_byte),
		cmocka_unit_test(characters_are_counted_and_not_bytes),
		cmocka_unit_test(noncharacters_of_every_plane_are_not_plain),
		cmocka_unit_test(
			memory_of_an_arena_is_zeroed_aligned_and_apart),
		cmocka_unit_test(an_arena_gives_more_than_a_block),
		cmocka_unit_test(
			an_arena_that_was_reset_gives_zeroed_memory_again),
		cmocka_unit_test(copies_in_an_arena_end_in_a_nul),
		cmocka_unit_test(a_released_arena_can_be_used_again),
		cmocka_unit_test(width_is_counted_in_columns_of_a_terminal),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
