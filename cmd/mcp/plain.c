#include "cmd/mcp/plain.h"

#include "schema/utf8.h"

#include <stdint.h>
#include <string.h>

enum { ESC = 0x1b, BEL = 0x07 };

/* A control string, up to BEL or ESC \ (ST): ECMA-48, 5.6. */
static size_t string_size(const char *bytes, size_t length)
{
	for (size_t i = 2; i < length; i++) {
		if (bytes[i] == BEL)
			return i + 1;
		if (bytes[i] == ESC)
			return i + 1 < length && bytes[i + 1] == '\\' ? i + 2
								      : i;
	}
	return length;
}

/* Bytes that belong to the sequence which ESC begins: ECMA-48, 5.3 to 5.6. */
static size_t sequence_size(const char *bytes, size_t length)
{
	size_t at = 2;

	if (length < 2 || (unsigned char)bytes[1] < 0x20 ||
		(unsigned char)bytes[1] > 0x7e)
		return 1;
	if (strchr("]PX^_", bytes[1]))
		return string_size(bytes, length);
	if (bytes[1] != '[')
		return 2;
	while (at < length && bytes[at] >= 0x20 && bytes[at] <= 0x3f)
		at++;
	return at < length && bytes[at] >= 0x40 && bytes[at] <= 0x7e ? at + 1
								     : at;
}

void plain_append(struct text *text, const char *bytes, size_t length)
{
	for (size_t at = 0; at < length;) {
		uint32_t point;
		size_t size;

		if (bytes[at] == ESC) {
			at += sequence_size(bytes + at, length - at);
			continue;
		}
		size = utf8_decode(&point, bytes + at, length - at);
		if (size && (utf8_is_plain(point) || point == '\n' ||
				    point == '\t'))
			text_append_bytes(text, bytes + at, size);
		at += size ? size : 1;
	}
}

static json_t *plain_string(const json_t *value)
{
	AUTO(text) text = TEXT_INIT;

	plain_append(
		&text, json_string_value(value), json_string_length(value));
	return json_stringn(text.data, text.length);
}

static json_t *plain_object(const json_t *value)
{
	json_t *plain = json_object();
	const char *key;
	json_t *member;

	json_object_foreach((json_t *)(uintptr_t)value, key, member)
	{
		AUTO(text) text = TEXT_INIT;

		plain_append(&text, key, strlen(key));
		json_object_set_new(plain, text.data, plain_json(member));
	}
	return plain;
}

json_t *plain_json(const json_t *value)
{
	json_t *plain;
	size_t i;
	json_t *item;

	if (json_is_string(value))
		return plain_string(value);
	if (json_is_object(value))
		return plain_object(value);
	if (!json_is_array(value))
		return json_incref((json_t *)(uintptr_t)value);
	plain = json_array();
	json_array_foreach(value, i, item)
		json_array_append_new(plain, plain_json(item));
	return plain;
}
