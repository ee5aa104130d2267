#include "schema/jsonschema/format/token.h"
#include "schema/jsonschema/regex/ecma.h"

bool format_uuid(const char *bytes, size_t length)
{
	if (length != 36)
		return false;
	for (size_t i = 0; i < length; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? bytes[i] != '-' : !scan_is_hex(bytes[i]))
			return false;
	}
	return true;
}

bool format_json_pointer(const char *bytes, size_t length)
{
	if (length && bytes[0] != '/')
		return false;
	for (size_t i = 0; i < length; i++)
		if (bytes[i] == '~' &&
			(i + 1 == length ||
				(bytes[i + 1] != '0' && bytes[i + 1] != '1')))
			return false;
	return true;
}

bool format_relative_json_pointer(const char *bytes, size_t length)
{
	size_t digits = 0;
	size_t at;

	while (digits < length && scan_is_digit(bytes[digits]))
		digits++;
	if (!digits || (digits > 1 && bytes[0] == '0'))
		return false;
	at = digits;
	/* Some steps along the list: section 3 of the draft. */
	if (at < length && (bytes[at] == '+' || bytes[at] == '-')) {
		size_t first = ++at;

		while (at < length && scan_is_digit(bytes[at]))
			at++;
		if (at == first || bytes[first] == '0')
			return false;
	}
	if (at + 1 == length && bytes[at] == '#')
		return true;
	return format_json_pointer(bytes + at, length - at);
}

bool format_regex(const char *bytes, size_t length)
{
	AUTO(text) ignored = TEXT_INIT;
	const char *why;

	return ecma_translate(&ignored, bytes, length, &why);
}
