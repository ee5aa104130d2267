#include "schema/yaml/input.h"

#include "schema/base/utf8.h"

#include <string.h>

/* The characters, and the ranges that what stands for them is taken from. */
static const struct {
	const char *bytes;
	uint32_t first, last;
} breaks[YAML_STAND_INS] = {
	{"\xc2\x85", 0x0100, 0x07ff},     /* U+0085; two bytes */
	{"\xe2\x80\xa8", 0xe000, 0xf8ff}, /* U+2028; three, private use */
	{"\xe2\x80\xa9", 0xe000, 0xf8ff}, /* U+2029 */
};

enum { MOST_CANDIDATES = 0xf8ff - 0xe000 + 1 };

static bool contains(const struct yaml_text *text, const char *character)
{
	return memmem(text->bytes, text->length, character,
		       strlen(character)) != NULL;
}

static void mark_taken(
	const struct yaml_text *text, int index, bool taken[MOST_CANDIDATES])
{
	for (size_t at = 0; at < text->length;) {
		uint32_t point;

		at += utf8_decode(&point, text->bytes + at, text->length - at);
		if (point >= breaks[index].first && point <= breaks[index].last)
			taken[point - breaks[index].first] = true;
	}
	for (int i = 0; i < index; i++)
		if (breaks[i].first == breaks[index].first &&
			*text->stand_in[i])
			taken[text->points[i] - breaks[index].first] = true;
}

/*
 * A document that has all there are keeps the character: its lines are then
 * counted as libyaml does it.
 */
static void choose(struct yaml_text *text, int index)
{
	bool taken[MOST_CANDIDATES] = {false};
	uint32_t point = breaks[index].first;

	mark_taken(text, index, taken);
	while (point <= breaks[index].last &&
		taken[point - breaks[index].first])
		point++;
	if (point > breaks[index].last)
		return;
	text->points[index] = point;
	utf8_encode(text->stand_in[index], point);
}

static void replace(
	char *bytes, size_t length, const char *from, const char *to)
{
	size_t size = strlen(from);
	char *at = bytes;

	while ((at = memmem(at, length - (size_t)(at - bytes), from, size))) {
		memcpy(at, to, size);
		at += size;
	}
}

void yaml_text_make(struct yaml_text *text, struct arena *arena,
	const struct source *source)
{
	char *copy = NULL;

	*text = (struct yaml_text){
		.skipped = utf8_mark_size(source->bytes, source->length)};
	text->bytes = source->bytes + text->skipped;
	text->length = source->length - text->skipped;
	/* Most documents have neither of the bytes these begin with. */
	if (!memchr(text->bytes, 0xc2, text->length) &&
		!memchr(text->bytes, 0xe2, text->length))
		return;
	for (int i = 0; i < YAML_STAND_INS; i++)
		if (contains(text, breaks[i].bytes))
			choose(text, i);
	for (int i = 0; i < YAML_STAND_INS; i++) {
		if (!*text->stand_in[i])
			continue;
		if (!copy)
			copy = arena_strndup(arena, text->bytes, text->length);
		replace(copy, text->length, breaks[i].bytes, text->stand_in[i]);
	}
	if (copy)
		text->bytes = copy;
}

void yaml_text_restore(const struct yaml_text *text, char *bytes, size_t length)
{
	for (int i = 0; i < YAML_STAND_INS; i++)
		if (*text->stand_in[i])
			replace(bytes, length, text->stand_in[i],
				breaks[i].bytes);
}
