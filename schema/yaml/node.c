#include "schema/yaml/node.h"

#include "schema/base/utf8.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Up to here a linear search beats the index. */
enum { FEW = 8 };

const char *node_kind_name(enum node_kind kind)
{
	switch (kind) {
	case NODE_NULL:
		return "null";
	case NODE_BOOL:
		return "boolean";
	case NODE_INT:
		return "integer";
	case NODE_FLOAT:
		return "number";
	case NODE_STRING:
		return "string";
	case NODE_LIST:
		return "array";
	case NODE_MAP:
		return "object";
	}
	return "value";
}

static int compare_bytes(
	const char *a, size_t a_length, const char *b, size_t b_length)
{
	size_t shorter = a_length < b_length ? a_length : b_length;
	int order = shorter ? memcmp(a, b, shorter) : 0;

	return order ? order : (a_length > b_length) - (a_length < b_length);
}

static int compare_keys(const struct node *a, const struct node *b)
{
	return compare_bytes(a->string.bytes, a->string.length, b->string.bytes,
		b->string.length);
}

static int compare_members(const void *a, const void *b, void *data)
{
	const struct member *members = data;
	uint32_t x = *(const uint32_t *)a;
	uint32_t y = *(const uint32_t *)b;
	int order = compare_keys(members[x].key, members[y].key);

	return order ? order : (x > y) - (x < y);
}

/*
 * One bit of 32 for a key: most searches are for keys that are not there, and
 * end with the look at one word.
 */
static uint32_t key_bit(const char *key, size_t length)
{
	unsigned first = length ? (unsigned char)key[0] : 0;
	unsigned last = length ? (unsigned char)key[length - 1] : 0;

	return UINT32_C(1) << ((first * 5 + last * 3 + length) % 32);
}

/* Only keys with the same bit can be the same. */
static const struct member *index_few(struct node *map)
{
	for (size_t i = 0; i < map->map.count; i++) {
		const struct node *key = map->map.members[i].key;
		uint32_t bit = key_bit(key->string.bytes, key->string.length);

		for (size_t k = 0; map->map.mask & bit && k < i; k++)
			if (!compare_keys(key, map->map.members[k].key))
				return &map->map.members[i];
		map->map.mask |= bit;
	}
	return NULL;
}

const struct member *node_index(struct arena *arena, struct node *map)
{
	size_t count = map->map.count;
	uint32_t duplicate = UINT32_MAX;
	uint32_t *sorted;

	map->map.mask = 0;
	if (count <= FEW)
		return index_few(map);
	for (size_t i = 0; i < count; i++) {
		const struct node *key = map->map.members[i].key;

		map->map.mask |= key_bit(key->string.bytes, key->string.length);
	}
	sorted = arena_alloc(arena, count * sizeof(*sorted));
	for (size_t i = 0; i < count; i++)
		sorted[i] = (uint32_t)i;
	qsort_r(sorted, count, sizeof(*sorted), compare_members,
		map->map.members);
	map->map.sorted = sorted;
	for (size_t i = 1; i < count; i++)
		if (sorted[i] < duplicate &&
			!compare_keys(map->map.members[sorted[i - 1]].key,
				map->map.members[sorted[i]].key))
			duplicate = sorted[i];
	return duplicate == UINT32_MAX ? NULL : &map->map.members[duplicate];
}

static const struct member *find_member(
	const struct node *map, const char *key, size_t length)
{
	size_t low = 0;
	size_t high = map->map.count;

	if (!(map->map.mask & key_bit(key, length)))
		return NULL;
	if (!map->map.sorted) {
		for (size_t i = 0; i < high; i++) {
			const struct node *candidate = map->map.members[i].key;

			if (candidate->string.length == length &&
				!memcmp(candidate->string.bytes, key, length))
				return &map->map.members[i];
		}
		return NULL;
	}
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct member *member =
			&map->map.members[map->map.sorted[middle]];
		int order = compare_bytes(key, length,
			member->key->string.bytes, member->key->string.length);

		if (!order)
			return member;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

struct node *node_get_bytes(
	const struct node *map, const char *key, size_t length)
{
	const struct member *member;

	if (!map || map->kind != NODE_MAP)
		return NULL;
	member = find_member(map, key, length);
	return member ? member->value : NULL;
}

struct node *node_get(const struct node *map, const char *key)
{
	return node_get_bytes(map, key, strlen(key));
}

const struct member *node_member(const struct node *map, const char *key)
{
	if (!map || map->kind != NODE_MAP)
		return NULL;
	return find_member(map, key, strlen(key));
}

const char *node_string(const struct node *node)
{
	if (!node || node->kind != NODE_STRING ||
		strlen(node->string.bytes) != node->string.length)
		return NULL;
	return node->string.bytes;
}

static bool numbers_equal(const struct node *a, const struct node *b)
{
	if (a->kind == NODE_INT && b->kind == NODE_INT)
		return a->integer == b->integer;
	if (a->kind == NODE_FLOAT && b->kind == NODE_FLOAT)
		return a->number == b->number;
	if (a->kind == NODE_FLOAT)
		return numbers_equal(b, a);
	/* Both directions: a double near 2^53 may equal several integers. */
	return (double)a->integer == b->number &&
	       b->number >= -9223372036854775808.0 &&
	       b->number < 9223372036854775808.0 &&
	       (int64_t)b->number == a->integer;
}

static bool is_number(const struct node *node)
{
	return node->kind == NODE_INT || node->kind == NODE_FLOAT;
}

static bool maps_equal(const struct node *a, const struct node *b)
{
	if (a->map.count != b->map.count)
		return false;
	for (size_t i = 0; i < a->map.count; i++) {
		const struct member *member = &a->map.members[i];
		const struct node *other = node_get_bytes(b,
			member->key->string.bytes, member->key->string.length);

		if (!other || !node_equal(member->value, other))
			return false;
	}
	return true;
}

static bool lists_equal(const struct node *a, const struct node *b)
{
	if (a->list.count != b->list.count)
		return false;
	for (size_t i = 0; i < a->list.count; i++)
		if (!node_equal(a->list.items[i], b->list.items[i]))
			return false;
	return true;
}

bool node_equal(const struct node *a, const struct node *b)
{
	if (a == b)
		return true;
	if (is_number(a) && is_number(b))
		return numbers_equal(a, b);
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case NODE_NULL:
		return true;
	case NODE_BOOL:
		return a->boolean == b->boolean;
	case NODE_STRING:
		return !compare_keys(a, b);
	case NODE_LIST:
		return lists_equal(a, b);
	case NODE_MAP:
		return maps_equal(a, b);
	case NODE_INT:
	case NODE_FLOAT:
		break;
	}
	return false;
}

struct node *node_new(
	struct arena *arena, enum node_kind kind, const struct origin *at)
{
	struct node *node = arena_alloc(arena, sizeof(*node));

	node->kind = kind;
	node->weight = 1;
	if (at)
		node->at = *at;
	return node;
}

struct node *node_new_string(struct arena *arena, const char *bytes,
	size_t length, const struct origin *at)
{
	struct node *node = node_new(arena, NODE_STRING, at);

	node->string.bytes = arena_strndup(arena, bytes, length);
	node->string.length = length;
	return node;
}

const char *node_show(
	char buffer[NODE_SHOWN_SIZE], const struct node *node, size_t most)
{
	const char *bytes = node->string.bytes;
	size_t length = node->string.length;
	size_t out = 0;

	assert(most <= NODE_MOST_SHOWN);
	for (size_t at = 0; at < length;) {
		uint32_t point;
		size_t size = utf8_decode(&point, bytes + at, length - at);
		bool plain = size && utf8_is_plain(point);

		size = size ? size : 1;
		if (at + size > most)
			break;
		if (plain)
			memcpy(buffer + out, bytes + at, size);
		else if (size == 1)
			snprintf(buffer + out, 5, "\\x%02x",
				(unsigned char)bytes[at]);
		else
			snprintf(buffer + out, 9, "\\u%04x", point);
		out += plain ? size : strlen(buffer + out);
		at += size;
	}
	buffer[out] = '\0';
	return buffer;
}
