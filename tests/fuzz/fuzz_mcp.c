/*
 * What an MCP client writes: lines come out the same however they are cut, and
 * what is no request is answered or passed over, never fatal. Methods that
 * wait run in threads, and are tried elsewhere.
 */
#include "tests/fuzz/fuzz.h"

#include "cmd/mcp/dispatch.h"
#include "cmd/mcp/line_reader.h"
#include "cmd/mcp/sanitize.h"
#include "cmd/mcp/session.h"
#include "schema/base/utf8.h"

#include <string.h>

static bool has(const char *line, const char *word)
{
	return strstr(line, word) != NULL;
}

/* Nobody reads: what would be written is made, and thrown away. */
static void try_dispatch(struct session *session, const char *line, size_t size)
{
	static const char *const elsewhere[] = {
		"/call", "/read", "complet", "subscri", "setLevel", "\\u"};

	for (size_t i = 0; i < COUNT(elsewhere); i++)
		if (has(line, elsewhere[i]))
			return;
	dispatch_line(session, line, size);
	REQUIRE(!session->calls);
}

static void try_plain(const char *line, size_t size)
{
	AUTO(text) plain = TEXT_INIT;

	sanitize_append(&plain, line, size);
	for (size_t at = 0; at < plain.length;) {
		uint32_t point;
		size_t step = utf8_decode(
			&point, plain.data + at, plain.length - at);

		REQUIRE(step);
		REQUIRE(utf8_is_plain(point) || point == '\n' || point == '\t');
		at += step;
	}
}

/* All lines, each ended by a LF. */
static void collect(struct line_reader *reader, struct text *all)
{
	enum line_answer answer;
	size_t length;
	char *line;

	while ((answer = line_reader_next(reader, &line, &length)) !=
		LINE_NONE) {
		REQUIRE(answer == LINE_WHOLE); /* inputs are not that long */
		REQUIRE(length && !memchr(line, '\n', length));
		text_append_bytes(all, line, length);
		text_append_char(all, '\n');
	}
}

static void read_cut(
	struct text *all, const char *bytes, size_t length, size_t piece)
{
	AUTO(line_reader) reader = LINE_READER_INIT;

	for (size_t at = 0; at < length; at += piece) {
		size_t left = length - at;

		line_reader_feed(
			&reader, bytes + at, left < piece ? left : piece);
		collect(&reader, all);
	}
	line_reader_end(&reader);
	collect(&reader, all);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static const struct options options;
	struct session session = {.options = &options,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.log_level = -1,
		.gone = true};
	AUTO(text) whole = TEXT_INIT;
	AUTO(text) cut = TEXT_INIT;
	size_t piece = length ? 1 + bytes[0] % 7 : 1;

	session.uris = json_object();
	read_cut(&whole, (const char *)bytes, length, length + 1);
	read_cut(&cut, (const char *)bytes, length, piece);
	REQUIRE(whole.length == cut.length);
	REQUIRE(!memcmp(whole.data, cut.data, cut.length));
	for (char *line = whole.data, *end;
		(end = memchr(line, '\n',
			 whole.length - (size_t)(line - whole.data)));
		line = end + 1) {
		*end = '\0';
		try_plain(line, (size_t)(end - line));
		try_dispatch(&session, line, (size_t)(end - line));
	}
	json_decref(session.uris);
	return 0;
}
