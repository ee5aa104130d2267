#include "schema/jsonschema/format/scan.h"

#include <string.h>

bool scan_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool scan_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool scan_is_hex(char c)
{
	return scan_is_digit(c) || (c >= 'a' && c <= 'f') ||
	       (c >= 'A' && c <= 'F');
}

bool scan_char(struct scan *scan, char c)
{
	if (scan->at == scan->end || *scan->at != c)
		return false;
	scan->at++;
	return true;
}

bool scan_any(struct scan *scan, const char *characters)
{
	if (scan->at == scan->end || !*scan->at ||
		!strchr(characters, *scan->at))
		return false;
	scan->at++;
	return true;
}

bool scan_digits(struct scan *scan, unsigned count, unsigned *value)
{
	if ((size_t)(scan->end - scan->at) < count)
		return false;
	*value = 0;
	for (unsigned i = 0; i < count; i++) {
		if (!scan_is_digit(scan->at[i]))
			return false;
		*value = *value * 10 + (unsigned)(scan->at[i] - '0');
	}
	scan->at += count;
	return true;
}
