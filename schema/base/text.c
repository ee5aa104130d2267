#include "schema/base/text.h"

#include "schema/base/utf8.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char text_empty[1];

void text_release(struct text *text)
{
	if (text->capacity)
		free(text->data);
	*text = (struct text)TEXT_INIT;
}

void text_clear(struct text *text)
{
	text->length = 0;
	if (text->capacity)
		text->data[0] = '\0';
}

void text_reserve(struct text *text, size_t more)
{
	size_t needed = text->length + more + 1;
	size_t capacity = text->capacity ? text->capacity : 64;

	if (needed <= text->capacity)
		return;
	while (capacity < needed)
		capacity += capacity / 2;
	text->data = own_realloc(
		text->capacity ? text->data : NULL, capacity, sizeof(char));
	text->capacity = capacity;
	text->data[text->length] = '\0';
}

void text_append_bytes(struct text *text, const char *bytes, size_t length)
{
	if (!length)
		return;
	text_reserve(text, length);
	memcpy(text->data + text->length, bytes, length);
	text->length += length;
	text->data[text->length] = '\0';
}

void text_append(struct text *text, const char *string)
{
	text_append_bytes(text, string, strlen(string));
}

void text_append_char(struct text *text, char byte)
{
	text_append_bytes(text, &byte, 1);
}

void text_vformat(struct text *text, const char *format, va_list arguments)
{
	va_list again;
	int length;

	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length <= 0)
		return;
	text_reserve(text, (size_t)length);
	vsnprintf(text->data + text->length, (size_t)length + 1, format,
		arguments);
	text->length += (size_t)length;
}

void text_format(struct text *text, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_vformat(text, format, arguments);
	va_end(arguments);
}

void text_consume(struct text *text, size_t count)
{
	if (!count)
		return;
	memmove(text->data, text->data + count, text->length - count + 1);
	text->length -= count;
}

/* How many bytes from here on are ASCII and no control characters. */
static size_t plain_ascii(const char *bytes, size_t length)
{
	size_t count = 0;

	while (count < length && bytes[count] >= ' ' && bytes[count] <= '~')
		count++;
	return count;
}

/* "##[name]" or "##vso[...]" begins here: a build log's reader would obey. */
static bool is_runner_command(const char *bytes, size_t length)
{
	size_t at = 2;

	if (length < 3 || bytes[0] != '#' || bytes[1] != '#')
		return false;
	while (at < length && bytes[at] >= 'a' && bytes[at] <= 'z')
		at++;
	return at < length && bytes[at] == '[';
}

static void append_plain(struct text *text, const char *bytes, size_t length)
{
	size_t at = 0;

	while (at < length) {
		const char *mark = memchr(bytes + at, '#', length - at);
		size_t next = mark ? (size_t)(mark - bytes) : length;

		text_append_bytes(text, bytes + at, next - at);
		at = next;
		if (at == length)
			break;
		if (is_runner_command(bytes + at, length - at)) {
			text_append(text, "\\x23");
			at++;
			continue;
		}
		text_append_char(text, '#');
		at++;
	}
}

void text_append_visible(struct text *text, const char *bytes, size_t length)
{
	size_t at = 0;

	while (at < length) {
		size_t plain = plain_ascii(bytes + at, length - at);
		uint32_t point;
		size_t size;

		append_plain(text, bytes + at, plain);
		at += plain;
		if (at == length)
			break;
		size = utf8_decode(&point, bytes + at, length - at);
		if (!size) {
			text_format(text, "\\x%02x", (unsigned char)bytes[at]);
			at++;
			continue;
		}
		if (utf8_is_plain(point))
			text_append_bytes(text, bytes + at, size);
		else if (point < 0x100)
			text_format(text, "\\x%02x", point);
		else
			text_format(text, "\\u%04x", point);
		at += size;
	}
}

static void append_json_special(struct text *text, unsigned char byte)
{
	if (byte == '"' || byte == '\\')
		text_format(text, "\\%c", byte);
	else
		text_format(text, "\\u%04x", byte);
}

void text_append_json(struct text *text, const char *bytes, size_t length)
{
	size_t at = 0;

	text_append_char(text, '"');
	while (at < length) {
		size_t plain = at;
		uint32_t point;
		size_t size;

		while (plain < length && bytes[plain] >= ' ' &&
			bytes[plain] != '"' && bytes[plain] != '\\')
			plain++;
		text_append_bytes(text, bytes + at, plain - at);
		at = plain;
		if (at == length)
			break;
		size = utf8_decode(&point, bytes + at, length - at);
		if (size > 1)
			text_append_bytes(text, bytes + at, size);
		else if (size)
			append_json_special(text, (unsigned char)bytes[at]);
		else
			text_append(text, "\xef\xbf\xbd");
		at += size ? size : 1;
	}
	text_append_char(text, '"');
}

void text_append_json_visible(struct text *text, const char *json)
{
	const char *end = json + strlen(json);

	while (json < end) {
		uint32_t point;
		size_t size = utf8_decode(&point, json, (size_t)(end - json));

		if (!size)
			break; /* not JSON */
		if (utf8_is_plain(point) || point == '\n')
			text_append_bytes(text, json, size);
		else if (point < 0x10000)
			text_format(text, "\\u%04x", point);
		else
			text_format(text, "\\u%04x\\u%04x",
				0xd7c0 + (point >> 10),
				0xdc00 + (point & 0x3ff));
		json += size;
	}
}

char *text_detach(struct text *text)
{
	char *data = text->capacity ? text->data : own_strdup("");

	*text = (struct text)TEXT_INIT;
	return data;
}

bool text_read(struct text *text, int fd, size_t max_bytes)
{
	size_t start = text->length;

	for (;;) {
		ssize_t got;

		text_reserve(text, 16384);
		got = read(fd, text->data + text->length, 16384);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		if (got == 0)
			return true;
		text->length += (size_t)got;
		text->data[text->length] = '\0';
		if (text->length - start > max_bytes) {
			errno = EFBIG;
			return false;
		}
	}
}
