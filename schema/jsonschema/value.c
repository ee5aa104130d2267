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

bool is_number(const struct node *node)
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

bool type_matches(unsigned types, const struct node *node)
{
	return (types & types_of(node)) != 0;
}

static double as_double(const struct node *node)
{
	return node->kind == NODE_INT ? (double)node->integer : node->number;
}

int compare_numbers(const struct node *a, const struct node *b)
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
bool is_multiple(const struct node *value, const struct node *of)
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

static int compare_kinds(const struct node *a, const struct node *b)
{
	int x = is_number(a) ? NODE_INT : (int)a->kind;
	int y = is_number(b) ? NODE_INT : (int)b->kind;

	return (x > y) - (x < y);
}

/* Equal ones end up beside each other, whatever the order is otherwise. */
static int compare(const void *a, const void *b)
{
	const struct node *x = *(const struct node *const *)a;
	const struct node *y = *(const struct node *const *)b;
	int order = compare_kinds(x, y);

	if (order)
		return order;
	if (is_number(x))
		return compare_numbers(x, y);
	if (x->kind == NODE_STRING) {
		size_t shorter = x->string.length < y->string.length
					 ? x->string.length
					 : y->string.length;

		order = memcmp(x->string.bytes, y->string.bytes, shorter);
		if (order)
			return order;
		return (x->string.length > y->string.length) -
		       (x->string.length < y->string.length);
	}
	if (x->kind == NODE_BOOL)
		return x->boolean - y->boolean;
	/* Collections: by weight, equal ones have the same. */
	return (x->weight > y->weight) - (x->weight < y->weight);
}

static bool is_collection(const struct node *node)
{
	return node->kind == NODE_LIST || node->kind == NODE_MAP;
}

bool items_unique(const struct node *list)
{
	size_t count = list->list.count;
	const struct node **sorted;
	bool unique = true;

	if (count < 2)
		return true;
	sorted = own_realloc(NULL, count, sizeof(*sorted));
	for (size_t i = 0; i < count; i++)
		sorted[i] = list->list.items[i];
	qsort(sorted, count, sizeof(*sorted), compare);
	for (size_t i = 1; unique && i < count; i++) {
		size_t k = i;

		/* Among collections of one weight every pair must differ. */
		do {
			k--;
			if (node_equal(sorted[k], sorted[i]))
				unique = false;
		} while (unique && k && is_collection(sorted[i]) &&
			 !compare(&sorted[k - 1], &sorted[i]));
	}
	free(sorted);
	return unique;
}
