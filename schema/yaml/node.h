/*
 * A document as a tree. Every key and every value knows where it was written.
 * Nodes live in an arena and are never changed after the parser returned
 * them. An alias makes two parents share one child: the tree is a directed
 * acyclic graph whose expansion the parser has bounded.
 */
#ifndef SCHEMA_NODE_H
#define SCHEMA_NODE_H

#include "schema/base/arena.h"
#include "schema/diag/diag.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum node_kind {
	NODE_NULL,
	NODE_BOOL,
	NODE_INT,   /* fits int64_t */
	NODE_FLOAT, /* any other number, also an integer beyond int64_t */
	NODE_STRING,
	NODE_LIST,
	NODE_MAP,
};

struct member;

struct node {
	enum node_kind kind;
	uint32_t weight; /* nodes below and with this one, aliases expanded */
	struct origin at;
	union {
		bool boolean;
		int64_t integer;
		double number;
		struct {
			const char *bytes; /* NUL-terminated, NULs inside */
			size_t length;
		} string;
		struct {
			struct node **items;
			size_t count;
		} list;
		struct {
			struct member *members; /* in document order */
			uint32_t *sorted;       /* by key; NULL when few */
			uint32_t count;
			uint32_t mask; /* of node_index(): keys that may be */
		} map;
	};
};

struct member {
	struct node *key; /* always a NODE_STRING */
	struct node *value;
};

/* "null", "boolean", "integer", "number", "string", "array", "object". */
const char *node_kind_name(enum node_kind kind);

/* The value of a key, or NULL. map may be NULL or no map: also NULL. */
struct node *node_get(const struct node *map, const char *key);
struct node *node_get_bytes(
	const struct node *map, const char *key, size_t length);

/* The member itself, for the origin of its key. */
const struct member *node_member(const struct node *map, const char *key);

/* The bytes of a string node without NULs inside, else NULL. */
const char *node_string(const struct node *node);

/*
 * A string node's text for a message, into the caller's buffer: all of it that
 * `most` bytes hold, cut between characters, and what has no shape made
 * visible, a NUL too.
 */
enum { NODE_MOST_SHOWN = 80, NODE_SHOWN_SIZE = NODE_MOST_SHOWN * 6 + 1 };
const char *node_show(
	char buffer[NODE_SHOWN_SIZE], const struct node *node, size_t most);

/*
 * Numbers compare by value whatever their kind (1 equals 1.0), lists in
 * order, maps without: JSON Schema 2020-12 core, section 4.2.2.
 */
bool node_equal(const struct node *a, const struct node *b);

/* Makers; `at` may be NULL. String and list content is copied or taken over
 * from the same arena. */
struct node *node_new(
	struct arena *arena, enum node_kind kind, const struct origin *at);
struct node *node_new_string(struct arena *arena, const char *bytes,
	size_t length, const struct origin *at);

/*
 * Make a map whose members are in place ready to be searched. Returns NULL, or
 * the first member (in document order) whose key an earlier one has too.
 */
const struct member *node_index(struct arena *arena, struct node *map);

#endif
