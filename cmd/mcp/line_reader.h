/*
 * Lines of a stream, as MCP's stdio transport frames messages: one a line, LF
 * at its end, a CR before it is dropped. A line that is too long is skipped to
 * its end without being kept.
 */
#ifndef CMD_MCP_LINE_READER_H
#define CMD_MCP_LINE_READER_H

#include "schema/base/text.h"

#include <stdbool.h>

enum { LINE_MAX_BYTES = 10 * 1024 * 1024 };

struct line_reader {
	struct text input;
	size_t taken;  /* bytes of input already handed out */
	size_t seen;   /* bytes behind these that hold no LF */
	bool skipping; /* in a line that is too long */
	bool ended;    /* no more bytes come */
};

#define LINE_READER_INIT                                                       \
	{                                                                      \
		.input = TEXT_INIT                                             \
	}

void line_reader_release(struct line_reader *reader);

/* Bytes that have come. */
void line_reader_feed(
	struct line_reader *reader, const char *bytes, size_t length);

/* No more will: what stands behind the last LF is a line, too. */
void line_reader_end(struct line_reader *reader);

enum line_answer {
	LINE_NONE, /* not yet, or no more */
	LINE_WHOLE,
	LINE_TOO_LONG, /* said once, at its end */
};

/*
 * The next line, without its end, with a NUL behind it; valid until more is
 * fed. Empty lines are passed over.
 */
enum line_answer line_reader_next(
	struct line_reader *reader, char **line, size_t *length);

#endif
