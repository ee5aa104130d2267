#include "cmd/mcp/sanitize.h"

#include "schema/base/utf8.h"

#include <stdint.h>
#include <string.h>

enum { ESC = 0x1b, BEL = 0x07 };

/*
 * The two bytes of a C1 control as UTF-8 has them are ESC and a letter, too:
 * ECMA-48, 5.3. The size of what begins a sequence, and which it is; 0 when
 * nothing does.
 */
static size_t introducer(const char *bytes, size_t length, char *which)
{
	if (length > 1 && bytes[0] == ESC) {
		*which = bytes[1];
		return 2;
	}
	if (length > 1 && bytes[0] == '\xc2' &&
		((unsigned char)bytes[1] & 0xe0) == 0x80) {
		*which = (char)((unsigned char)bytes[1] - 0x40);
		return 2;
	}
	return 0;
}

/* A control string, up to BEL or ST (ESC \, or one character): 5.6. */
static size_t string_size(const char *bytes, size_t length, size_t at)
{
	for (; at < length; at++) {
		char which;
		size_t size = introducer(bytes + at, length - at, &which);

		if (bytes[at] == BEL)
			return at + 1;
		if (size && which == '\\')
			return at + size;
		if (bytes[at] == ESC)
			return at;
	}
	return length;
}

static bool is_within(char byte, int first, int last)
{
	return byte >= first && byte <= last;
}

/* Bytes of the sequence that begins here, or 0: ECMA-48, 5.3 to 5.6. */
static size_t sequence_size(const char *bytes, size_t length)
{
	char which;
	size_t at = introducer(bytes, length, &which);

	if (!at)
		return bytes[0] == ESC;
	if (bytes[0] == ESC && !is_within(which, 0x20, 0x7e))
		return 1;
	if (strchr("]PX^_", which))
		return string_size(bytes, length, at);
	if (which == '[') {
		while (at < length && is_within(bytes[at], 0x20, 0x3f))
			at++;
		return at + (at < length && is_within(bytes[at], 0x40, 0x7e));
	}
	if (!is_within(which, 0x20, 0x2f))
		return at;
	/* ISO 2022: intermediate bytes, and one that ends them. */
	while (at < length && is_within(bytes[at], 0x20, 0x2f))
		at++;
	return at + (at < length && is_within(bytes[at], 0x30, 0x7e));
}

/*
 * Drawn as nothing, besides those that no terminal is given
 * (Default_Ignorable_Code_Point of the Unicode Standard).
 */
static bool is_unseen(uint32_t point)
{
	return point == 0x34f || (point >= 0x115f && point <= 0x1160) ||
	       (point >= 0x17b4 && point <= 0x17b5) ||
	       (point >= 0x180b && point <= 0x180f) || point == 0x3164 ||
	       point == 0xffa0 || (point >= 0x1d173 && point <= 0x1d17a);
}

void sanitize_append(struct text *text, const char *bytes, size_t length)
{
	for (size_t at = 0; at < length;) {
		uint32_t point;
		size_t size = sequence_size(bytes + at, length - at);

		if (size) {
			at += size;
			continue;
		}
		size = utf8_decode(&point, bytes + at, length - at);
		if (size && !is_unseen(point) &&
			(utf8_is_plain(point) || point == '\n' ||
				point == '\t'))
			text_append_bytes(text, bytes + at, size);
		at += size ? size : 1;
	}
}

static json_t *sanitize_string(const json_t *value)
{
	AUTO(text) text = TEXT_INIT;

	sanitize_append(
		&text, json_string_value(value), json_string_length(value));
	return json_stringn(text.data, text.length);
}

/* A key that had to be changed takes the place of none that had not. */
static json_t *sanitize_object(const json_t *value)
{
	json_t *plain = json_object();
	const char *key;
	json_t *member;

	json_object_foreach((json_t *)(uintptr_t)value, key, member)
	{
		AUTO(text) text = TEXT_INIT;

		sanitize_append(&text, key, strlen(key));
		if (!strcmp(text.data, key) ||
			(!json_object_get(value, text.data) &&
				!json_object_get(plain, text.data)))
			json_object_set_new(
				plain, text.data, sanitize_json(member));
	}
	return plain;
}

json_t *sanitize_json(const json_t *value)
{
	json_t *plain;
	size_t i;
	json_t *item;

	if (json_is_string(value))
		return sanitize_string(value);
	if (json_is_object(value))
		return sanitize_object(value);
	if (!json_is_array(value))
		return json_incref((json_t *)(uintptr_t)value);
	plain = json_array();
	json_array_foreach(value, i, item)
		json_array_append_new(plain, sanitize_json(item));
	return plain;
}
