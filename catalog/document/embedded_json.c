#include "catalog/document/embedded_json.h"

#include "schema/base/alloc.h"

#include <stdlib.h>
#include <string.h>

/*
 * The nodes of collections that are still open; a closing one takes its own
 * from the end.
 */
struct reader {
	struct arena *arena;
	const char *at; /* a NUL ends the text, and fits nowhere */
	struct node **open;
	size_t count, capacity;
};

static struct node *read_value(struct reader *reader);

static char peek(struct reader *reader)
{
	reader->at += strspn(reader->at, " \t\r\n");
	return *reader->at;
}

static void expect(struct reader *reader, char byte)
{
	char found = peek(reader);

	if (found != byte)
		abort();
	reader->at++;
}

static void push(struct reader *reader, struct node *node)
{
	if (reader->count == reader->capacity) {
		reader->capacity = reader->capacity ? reader->capacity * 2 : 64;
		reader->open = own_realloc(
			reader->open, reader->capacity, sizeof(struct node *));
	}
	reader->open[reader->count++] = node;
}

static char unescape(char byte)
{
	static const char escapes[] = "n\nt\tr\rb\bf\f\\\\\"\"//";
	const char *found = byte ? strchr(escapes, byte) : NULL;

	if (!found)
		abort();
	return found[1];
}

static struct node *read_string(struct reader *reader)
{
	const char *end;
	struct node *node;
	char *to;

	expect(reader, '"');
	for (end = reader->at; *end && *end != '"'; end++)
		if (*end == '\\' && end[1])
			end++;
	node = node_new_string(
		reader->arena, reader->at, (size_t)(end - reader->at), NULL);
	to = (char *)(uintptr_t)node->string.bytes;
	for (const char *from = reader->at; from < end; from++) {
		char byte = *from;

		if (byte == '\\')
			byte = unescape(*++from);
		*to++ = byte;
	}
	*to = '\0';
	node->string.length = (size_t)(to - node->string.bytes);
	reader->at = end;
	expect(reader, '"');
	return node;
}

static struct node *read_map(struct reader *reader)
{
	struct node *node = node_new(reader->arena, NODE_MAP, NULL);
	size_t start = reader->count;
	size_t count;

	expect(reader, '{');
	while (peek(reader) != '}') {
		if (reader->count > start)
			expect(reader, ',');
		push(reader, read_string(reader));
		expect(reader, ':');
		push(reader, read_value(reader));
	}
	expect(reader, '}');
	count = (reader->count - start) / 2;
	node->map.count = (uint32_t)count;
	node->map.members = arena_alloc(
		reader->arena, count * sizeof(struct member));
	for (size_t i = 0; i < count; i++)
		node->map.members[i] = (struct member){
			.key = reader->open[start + 2 * i],
			.value = reader->open[start + 2 * i + 1]};
	reader->count = start;
	if (node_index(reader->arena, node))
		abort();
	return node;
}

static struct node *read_list(struct reader *reader)
{
	struct node *node = node_new(reader->arena, NODE_LIST, NULL);
	size_t start = reader->count;
	size_t size;

	expect(reader, '[');
	while (peek(reader) != ']') {
		if (reader->count > start)
			expect(reader, ',');
		push(reader, read_value(reader));
	}
	expect(reader, ']');
	node->list.count = reader->count - start;
	size = node->list.count * sizeof(struct node *);
	node->list.items = arena_alloc(reader->arena, size);
	if (size)
		memcpy(node->list.items, reader->open + start, size);
	reader->count = start;
	return node;
}

static struct node *read_word(struct reader *reader)
{
	static const struct {
		const char *text;
		enum node_kind kind;
		bool boolean;
	} words[] = {{"true", NODE_BOOL, true}, {"false", NODE_BOOL, false},
		{"null", NODE_NULL, false}};

	for (size_t i = 0; i < COUNT(words); i++) {
		size_t length = strlen(words[i].text);
		struct node *node;

		if (strncmp(reader->at, words[i].text, length))
			continue;
		reader->at += length;
		node = node_new(reader->arena, words[i].kind, NULL);
		if (node->kind == NODE_BOOL)
			node->boolean = words[i].boolean;
		return node;
	}
	abort();
}

static struct node *read_number(struct reader *reader)
{
	size_t length = strspn(reader->at, "+-0123456789.eE");
	bool whole = strcspn(reader->at, ".eE") >= length;
	struct node *node = node_new(
		reader->arena, whole ? NODE_INT : NODE_FLOAT, NULL);

	if (!length)
		abort();
	if (whole)
		node->integer = strtoll(reader->at, NULL, 10);
	else
		node->number = strtod(reader->at, NULL);
	reader->at += length;
	return node;
}

static struct node *read_value(struct reader *reader)
{
	switch (peek(reader)) {
	case '{':
		return read_map(reader);
	case '[':
		return read_list(reader);
	case '"':
		return read_string(reader);
	case 't':
	case 'f':
	case 'n':
		return read_word(reader);
	default:
		return read_number(reader);
	}
}

struct node *trusted_json(struct arena *arena, const struct source *source)
{
	AUTO_FREE char *text = own_strndup(source->bytes, source->length);
	struct reader reader = {.arena = arena, .at = text};
	struct node *node = read_value(&reader);

	if (peek(&reader))
		abort();
	free(reader.open);
	return node;
}
