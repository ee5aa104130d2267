/*
 * A growing byte string. `data` is never NULL and always ends in a NUL that
 * `length` does not count, so it can be handed to any C function; it may hold
 * NULs inside.
 *
 *	AUTO(text) line = TEXT_INIT;
 *	text_format(&line, "%s:%u", path, number);
 *	puts(line.data);
 *
 * The pointer changes whenever the text grows: keep offsets, not pointers.
 */
#ifndef SCHEMA_TEXT_H
#define SCHEMA_TEXT_H

#include "schema/base/alloc.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct text {
	char *data;
	size_t length;
	size_t capacity; /* 0 while data is the shared empty string */
};

extern char text_empty[1];

#define TEXT_INIT                                                              \
	{                                                                      \
		.data = text_empty, .length = 0, .capacity = 0                 \
	}

void text_release(struct text *text);

/* Forget the content, keep the memory. */
void text_clear(struct text *text);

/* Make room for `more` bytes beyond the present length. */
void text_reserve(struct text *text, size_t more);

void text_append(struct text *text, const char *string);
void text_append_bytes(struct text *text, const char *bytes, size_t length);
void text_append_char(struct text *text, char byte);
void text_format(struct text *text, const char *format, ...) PRINTF(2, 3);
void text_vformat(struct text *text, const char *format, va_list arguments);

/* Drop the first `count` bytes. */
void text_consume(struct text *text, size_t count);

/*
 * Append bytes from outside (a catalog, a log, ssh) so that a terminal shows
 * them and obeys none of them: C0 and C1 controls, DEL, bidirectional and
 * zero-width format characters and invalid UTF-8 become visible escapes such
 * as \x1b or \u202e. A backslash of the text itself is left alone.
 */
void text_append_visible(struct text *text, const char *bytes, size_t length);

/*
 * Append bytes as a JSON string with its quotes (RFC 8259, section 7). What is
 * not UTF-8 becomes U+FFFD.
 */
void text_append_json(struct text *text, const char *bytes, size_t length);

/*
 * Append JSON, as jansson writes it, so that a terminal obeys none of it:
 * what text_append_visible() would escape becomes \uXXXX inside the strings,
 * which means the same to every reader.
 */
void text_append_json_visible(struct text *text, const char *json);

/* The content as a malloc'd string the caller frees; the text is empty after.
 */
char *text_detach(struct text *text);

/*
 * Append what the descriptor still has. False with errno set when read(2)
 * fails, or with EFBIG as soon as more than max_bytes come.
 */
bool text_read(struct text *text, int fd, size_t max_bytes);

#endif
