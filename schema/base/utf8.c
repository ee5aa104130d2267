#include "schema/base/utf8.h"

#include <string.h>

size_t utf8_decode(uint32_t *point, const char *bytes, size_t length)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *at = (const unsigned char *)bytes;
	size_t size;
	uint32_t value;

	if (!length)
		return 0;
	if (at[0] < 0x80) {
		*point = at[0];
		return 1;
	}
	if (at[0] < 0xc2 || at[0] > 0xf4)
		return 0;
	size = at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
	if (length < size)
		return 0;
	value = at[0] & (0xffu >> (size + 1));
	for (size_t i = 1; i < size; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (at[i] & 0x3f);
	}
	if (value < smallest[size] || value > 0x10ffff ||
		(value >= 0xd800 && value <= 0xdfff))
		return 0;
	*point = value;
	return size;
}

size_t utf8_encode(char out[4], uint32_t point)
{
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		out[0] = (char)(0xc0 | point >> 6);
		out[1] = (char)(0x80 | (point & 0x3f));
		return 2;
	}
	if (point < 0x10000) {
		out[0] = (char)(0xe0 | point >> 12);
		out[1] = (char)(0x80 | (point >> 6 & 0x3f));
		out[2] = (char)(0x80 | (point & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | point >> 18);
	out[1] = (char)(0x80 | (point >> 12 & 0x3f));
	out[2] = (char)(0x80 | (point >> 6 & 0x3f));
	out[3] = (char)(0x80 | (point & 0x3f));
	return 4;
}

size_t utf8_valid_prefix(const char *bytes, size_t length)
{
	size_t at = 0;

	while (at < length) {
		uint32_t point;
		size_t size;

		if (!(bytes[at] & 0x80)) {
			at++;
			continue;
		}
		size = utf8_decode(&point, bytes + at, length - at);
		if (!size)
			break;
		at += size;
	}
	return at;
}

size_t utf8_count(const char *bytes, size_t length)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += (bytes[i] & 0xc0) != 0x80;
	return count;
}

bool utf8_is_plain(uint32_t point)
{
	static const struct {
		uint32_t first, last;
	} hidden[] = {
		{0x00, 0x1f},
		{0x7f, 0x9f},
		{0xad, 0xad},
		{0x61c, 0x61c},
		{0x180e, 0x180e},
		{0x200b, 0x200f},
		{0x2028, 0x202e},
		{0x2060, 0x206f},
		{0xd800, 0xdfff},
		{0xfe00, 0xfe0f},
		{0xfeff, 0xfeff},
		{0xfff0, 0xfffb},
		{0xfffe, 0xffff},
		{0xe0000, 0xe0fff},
	};

	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (point >= hidden[i].first && point <= hidden[i].last)
			return false;
	return (point & 0xfffe) != 0xfffe;
}

size_t utf8_mark_size(const char *bytes, size_t length)
{
	return length >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3) ? 3 : 0;
}

static unsigned point_width(uint32_t point)
{
	static const struct {
		uint32_t first, last;
		unsigned width;
	} ranges[] = {
#define RANGE(first, last, width) {first, last, width},
#include "schema/base/utf8_width.def"
#undef RANGE
	};
	size_t low = 0;
	size_t high = sizeof(ranges) / sizeof(ranges[0]);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (point > ranges[middle].last)
			low = middle + 1;
		else if (point < ranges[middle].first)
			high = middle;
		else
			return ranges[middle].width;
	}
	return 1;
}

/* One character, or one byte that is none. */
static size_t step(const char *bytes, size_t length, size_t *width)
{
	uint32_t point;
	size_t size = utf8_decode(&point, bytes, length);

	*width += !size || point < 0x300 ? 1 : point_width(point);
	return size ? size : 1;
}

size_t utf8_width(const char *bytes, size_t length)
{
	size_t width = 0;
	size_t at = 0;

	while (at < length && (unsigned char)bytes[at] < 0x80)
		at++;
	width = at;
	while (at < length)
		at += step(bytes + at, length - at, &width);
	return width;
}

size_t utf8_prefix(const char *bytes, size_t length, size_t width)
{
	size_t taken = 0;
	size_t at = 0;

	while (at < length) {
		size_t size = step(bytes + at, length - at, &taken);

		if (taken > width)
			break;
		at += size;
	}
	return at;
}
