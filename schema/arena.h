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

/* Zeroed memory, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);

char *arena_strndup(struct arena *arena, const char *bytes, size_t length);
char *arena_strdup(struct arena *arena, const char *string);

#endif
