/*
 * The packets of ssh's multiplexing protocol, byte for byte.
 */
#include "tests/unit/unit.h"

#include "tunnel/ssh/mux.h"

#include <string.h>

static const struct mux_forward forward = {
	.direction = MUX_REMOTE,
	.listen_host = "127.0.0.1",
	.listen_port = 18081,
	.connect_host = "/s",
	.connect_port = MUX_UNIX_SOCKET,
};

static void assert_bytes(
	const struct text *text, const char *bytes, size_t length)
{
	assert_int_equal(text->length, length);
	assert_memory_equal(text->data, bytes, length);
}

static void a_request_is_what_the_protocol_says(void **state)
{
	static const char hello[] = "\0\0\0\10\0\0\0\1\0\0\0\4";
	static const char open[] = "\0\0\0\47"
				   "\20\0\0\6\0\0\0\11\0\0\0\2"
				   "\0\0\0\11"
				   "127.0.0.1"
				   "\0\0\x46\xa1"
				   "\0\0\0\2"
				   "/s"
				   "\xff\xff\xff\xfe";
	AUTO(text) first = TEXT_INIT;
	AUTO(text) second = TEXT_INIT;

	(void)state;
	mux_put_hello(&first);
	mux_put_open(&second, 9, &forward);

	assert_bytes(&first, hello, sizeof(hello) - 1);
	assert_bytes(&second, open, sizeof(open) - 1);
	text_clear(&second);
	mux_put_close(&second, 9, &forward);
	assert_int_equal(second.data[7], 7);
}

static void a_reply_is_read_once_it_is_complete(void **state)
{
	static const char bytes[] = "\0\0\0\10\x80\0\0\1\0\0\0\5"
				    "\0\0\0\20\x80\0\0\3\0\0\0\6\0\0\0\4"
				    "busy";
	struct mux_reply reply;

	(void)state;
	for (size_t length = 0; length < 12; length++) {
		assert_int_equal(mux_get(&reply, bytes, length), 0);
		assert_int_equal(reply.kind, MUX_NOTHING);
	}
	assert_int_equal(mux_get(&reply, bytes, sizeof(bytes) - 1), 12);
	assert_int_equal(reply.kind, MUX_OK);
	assert_int_equal(reply.id, 5);
	assert_int_equal(mux_get(&reply, bytes + 12, sizeof(bytes) - 13), 20);
	assert_int_equal(reply.kind, MUX_REFUSED);
	assert_int_equal(reply.id, 6);
	assert_string_equal(reply.reason, "busy");
}

static void a_reason_is_cut_and_has_no_nul(void **state)
{
	char bytes[4 + 12 + 1000] = "\0\0\3\xf4\x80\0\0\2\0\0\0\1\0\0\3\xe8";
	struct mux_reply reply;

	(void)state;
	memset(bytes + 17, 'x', 999);

	assert_int_equal(mux_get(&reply, bytes, sizeof(bytes)), sizeof(bytes));
	assert_int_equal(reply.kind, MUX_REFUSED);
	assert_int_equal(strlen(reply.reason), MUX_MAX_REASON);
	assert_int_equal(reply.reason[0], '?');
}

static void a_packet_that_cannot_be_is_nonsense(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
	} cases[] = {
		{"\0\0\0\0", 4},           /* too short for its type */
		{"\0\1\0\1", 4},           /* too long */
		{"\0\0\0\4\x80\0\0\1", 8}, /* an answer to nothing */
		{"\0\0\0\14\x80\0\0\3\0\0\0\1\0\0\0\1", 16}, /* cut text */
		{"SSH-2.0-x\r\n", 11},
	};
	struct mux_reply reply;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(
			mux_get(&reply, cases[i].bytes, cases[i].length), 0);
		assert_int_equal(reply.kind, MUX_NONSENSE);
	}
}

static void a_packet_for_somebody_else_is_passed_over(void **state)
{
	struct mux_reply reply;

	(void)state;
	assert_int_equal(
		mux_get(&reply, "\0\0\0\10\x80\0\0\5\0\0\0\1....", 16), 12);
	assert_int_equal(reply.kind, MUX_OTHER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_what_the_protocol_says),
		cmocka_unit_test(a_reply_is_read_once_it_is_complete),
		cmocka_unit_test(a_reason_is_cut_and_has_no_nul),
		cmocka_unit_test(a_packet_that_cannot_be_is_nonsense),
		cmocka_unit_test(a_packet_for_somebody_else_is_passed_over),
	};

	return cmocka_run_group_tests_name("mux", tests, NULL, NULL);
}
