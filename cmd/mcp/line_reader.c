#include "cmd/mcp/line_reader.h"

#include <string.h>

void line_reader_release(struct line_reader *reader)
{
	text_release(&reader->input);
}

/* Nothing of a line that is too long is kept but its end. */
static void skip(struct line_reader *reader)
{
	size_t kept = reader->input.length - reader->taken;

	if (kept <= LINE_MAX_BYTES || reader->seen < kept)
		return;
	reader->skipping = true;
	text_consume(&reader->input, reader->input.length);
	reader->taken = 0;
	reader->seen = 0;
}

void line_reader_feed(
	struct line_reader *reader, const char *bytes, size_t length)
{
	if (reader->taken) {
		text_consume(&reader->input, reader->taken);
		reader->taken = 0;
	}
	text_append_bytes(&reader->input, bytes, length);
}

void line_reader_end(struct line_reader *reader)
{
	reader->ended = true;
}

/* The bytes up to the line's end; false when it has not come. */
static bool find_end(struct line_reader *reader, size_t *length, size_t *taken)
{
	const char *start = reader->input.data + reader->taken;
	size_t kept = reader->input.length - reader->taken;
	const char *newline = kept > reader->seen
				      ? memchr(start + reader->seen, '\n',
						kept - reader->seen)
				      : NULL;

	if (newline) {
		*length = (size_t)(newline - start);
		*taken = *length + 1;
		return true;
	}
	reader->seen = kept;
	*length = kept;
	*taken = kept;
	return reader->ended && (kept || reader->skipping);
}

enum line_answer line_reader_next(
	struct line_reader *reader, char **line, size_t *length)
{
	size_t taken;

	while (find_end(reader, length, &taken)) {
		char *start = reader->input.data + reader->taken;
		bool too_long = reader->skipping || *length > LINE_MAX_BYTES;

		reader->taken += taken;
		reader->seen = 0;
		reader->skipping = false;
		if (too_long)
			return LINE_TOO_LONG;
		if (*length && start[*length - 1] == '\r')
			--*length;
		if (!*length)
			continue;
		/* The LF's place, or the NUL that text keeps at its end. */
		start[*length] = '\0';
		*line = start;
		return LINE_WHOLE;
	}
	skip(reader);
	return LINE_NONE;
}
