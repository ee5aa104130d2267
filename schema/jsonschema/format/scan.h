/*
 * Reading a text from left to right, for the checks of formats. Internal to
 * this folder.
 */
#ifndef SCHEMA_JSONSCHEMA_FORMAT_SCAN_H
#define SCHEMA_JSONSCHEMA_FORMAT_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/* The bytes are UTF-8 and may hold NULs. */
typedef bool format_check(const char *bytes, size_t length);

/* What is left of a text; the functions below move on when they say yes. */
struct scan {
	const char *at, *end;
};

bool scan_char(struct scan *scan, char c);

/* One of the characters; not the NUL behind them. */
bool scan_any(struct scan *scan, const char *characters);

/* Exactly count ASCII digits. */
bool scan_digits(struct scan *scan, unsigned count, unsigned *value);

bool scan_is_digit(char c);
bool scan_is_hex(char c);
bool scan_is_alpha(char c);

#endif
