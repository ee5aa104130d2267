/*
 * UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing
 * above U+10FFFF.
 */
#ifndef SCHEMA_UTF8_H
#define SCHEMA_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The bytes the first character takes, or 0 when they are not UTF-8. */
size_t utf8_decode(uint32_t *point, const char *bytes, size_t length);

/* The bytes written to out (4 at most) for a valid code point. */
size_t utf8_encode(char out[4], uint32_t point);

/* The length of the longest valid prefix; equal to length when all is valid. */
size_t utf8_valid_prefix(const char *bytes, size_t length);

/* Code points in valid text. */
size_t utf8_count(const char *bytes, size_t length);

/*
 * True when a terminal may be given this character as it is: false for
 * controls, bidirectional overrides and isolates, zero-width and other
 * invisible format characters, and noncharacters.
 */
bool utf8_is_plain(uint32_t point);

/*
 * Terminal columns of valid text: two for what East Asian fonts draw wide, none
 * for what is drawn over the character before it (Unicode Standard Annex 11;
 * general categories Mn and Me). Controls count one each: make them visible
 * first.
 */
size_t utf8_width(const char *bytes, size_t length);

/* The bytes of the longest prefix that is no wider than that. */
size_t utf8_prefix(const char *bytes, size_t length, size_t width);

/* The bytes of a byte order mark at the start: 3, or 0. */
size_t utf8_mark_size(const char *bytes, size_t length);

#endif
