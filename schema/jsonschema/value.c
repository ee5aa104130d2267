#include "schema/jsonschema/compiled.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const schema_type_names[TYPE_COUNT] = {
	[TYPE_NULL] = "null",
	[TYPE_BOOLEAN] = "boolean",
	[TYPE_INTEGER] = "integer",
	[TYPE_NUMBER] = "number",
	[TYPE_STRING] = "string",
	[TYPE_ARRAY] = "array",
	[TYPE_OBJECT] = "object",
};

bool value_is_number(const struct node *node)
{
	return node->kind == NODE_INT || node->kind == NODE_FLOAT;
}

/* 1.0 is an integer, too: validation, section 6.1.1. */
static unsigned types_of(const struct node *node)
{
	switch (node->kind) {
	case NODE_NULL:
		return 1u << TYPE_NULL;
	case NODE_BOOL:
		return 1u << TYPE_BOOLEAN;
	case NODE_INT:
		return 1u << TYPE_INTEGER | 1u << TYPE_NUMBER;
	case NODE_FLOAT:
		if (isfinite(node->number) &&
			floor(node->number) == node->number)
			return 1u << TYPE_INTEGER | 1u << TYPE_NUMBER;
		return 1u << TYPE_NUMBER;
	case NODE_STRING:
		return 1u << TYPE_STRING;
	case NODE_LIST:
		return 1u << TYPE_ARRAY;
	case NODE_MAP:
		return 1u << TYPE_OBJECT;
	}
	return 0;
}

bool value_has_type(unsigned types, const struct node *node)
{
	return (types & types_of(node)) != 0;
}

static double as_double(const struct node *node)
{
	return node->kind == NODE_INT ? (double)node->integer : node->number;
}

int value_compare(const struct node *a, const struct node *b)
{
	double x;
	double y;

	if (a->kind == NODE_INT && b->kind == NODE_INT)
		return (a->integer > b->integer) - (a->integer < b->integer);
	x = as_double(a);
	y = as_double(b);
	return (x > y) - (x < y);
}

/*
 * Binary fractions cannot hold 0.01: 19.99 is a multiple of it all the same,
 * when the quotient is whole but for the last bits.
 */
bool value_is_multiple(const struct node *value, const struct node *of)
{
	double quotient;

	if (value->kind == NODE_INT && of->kind == NODE_INT)
		return of->integer == 0 || of->integer == -1 ||
		       value->integer % of->integer == 0;
	quotient = as_double(value) / as_double(of);
	if (!isfinite(quotient))
		return fmod(as_double(value), as_double(of)) == 0;
	return fabs(quotient - nearbyint(quotient)) <= fabs(quotient) * 1e-15;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash ^= value;
	hash *= UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 29;
}

static uint64_t hash_bytes(const char *bytes, size_t length)
{
	uint64_t hash = length;

	for (size_t i = 0; i < length; i++)
		hash = mix(hash, (unsigned char)bytes[i]);
	return hash;
}

static uint64_t hash_number(double number)
{
	uint64_t bits;

	number += 0.0; /* -0 equals 0 */
	memcpy(&bits, &number, sizeof(bits));
	return mix(NODE_INT, bits);
}

/* What node_equal() calls equal has the same. */
static uint64_t hash_node(const struct node *node)
{
	uint64_t hash = (uint64_t)node->kind;

	switch (node->kind) {
	case NODE_INT:
	case NODE_FLOAT:
		return hash_number(as_double(node));
	case NODE_STRING:
		return hash_bytes(node->string.bytes, node->string.length);
	case NODE_LIST:
		for (size_t i = 0; i < node->list.count; i++)
			hash = mix(hash, hash_node(node->list.items[i]));
		return hash;
	case NODE_MAP:
		/* The order of members does not count: a sum. */
		for (size_t i = 0; i < node->map.count; i++) {
			const struct member *member = &node->map.members[i];

			hash += mix(hash_node(member->key),
				hash_node(member->value));
		}
		return hash;
	case NODE_BOOL:
		return mix(hash, node->boolean);
	case NODE_NULL:
		break;
	}
	return hash;
}

struct hashed {
	uint64_t hash;
	const struct node *node;
};

static int compare(const void *a, const void *b)
{
	const struct hashed *x = a;
	const struct hashed *y = b;

	return (x->hash > y->hash) - (x->hash < y->hash);
}

bool value_items_are_unique(const struct node *list)
{
	size_t count = list->list.count;
	struct hashed *sorted;
	bool unique = true;

	if (count < 2)
		return true;
	sorted = own_realloc(NULL, count, sizeof(*sorted));
	for (size_t i = 0; i < count; i++) {
		sorted[i].node = list->list.items[i];
		sorted[i].hash = hash_node(sorted[i].node);
	}
	qsort(sorted, count, sizeof(*sorted), compare);
	for (size_t i = 1; unique && i < count; i++)
		for (size_t k = i;
			unique && k > 0 && sorted[k - 1].hash == sorted[i].hash;
			k--)
			unique = !node_equal(
				sorted[k - 1].node, sorted[i].node);
	free(sorted);
	return unique;
}
