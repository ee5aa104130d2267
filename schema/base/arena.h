/*
 * Memory that lives and dies together: a revision's documents, a compiled
 * schema. Nothing in it is freed alone. Not safe for use by two threads at
 * once; give each its own.
 */
#ifndef SCHEMA_ARENA_H
#define SCHEMA_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *blocks;
	size_t used;  /* in the newest block */
	size_t total; /* bytes asked for, over all blocks */
};

#define ARENA_INIT                                                             \
	{                                                                      \
		.blocks = NULL, .used = 0, .total = 0                          \
	}

void arena_release(struct arena *arena);

/*
 * Forget all that is in it and keep some of its memory for what comes next:
 * for one document after the other.
 */
void arena_reset(struct arena *arena);

/* Zeroed memory, aligned for pointers, doubles and 64-bit integers. */
void *arena_alloc(struct arena *arena, size_t size);

char *arena_strndup(struct arena *arena, const char *bytes, size_t length);
char *arena_strdup(struct arena *arena, const char *string);

#endif
