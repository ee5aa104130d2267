#include "schema/arena.h"

#include "schema/own.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	ALIGNMENT = sizeof(uint64_t),
	FIRST_BLOCK = 4096,
	LARGEST_BLOCK = 256 * 1024,
};

struct arena_block {
	struct arena_block *next;
	size_t size;
	uint64_t memory[];
};

void arena_release(struct arena *arena)
{
	struct arena_block *block = arena->blocks;

	while (block) {
		struct arena_block *next = block->next;

		free(block);
		block = next;
	}
	*arena = (struct arena)ARENA_INIT;
}

/* The newest block is the one to keep: blocks only grow. */
void arena_reset(struct arena *arena)
{
	struct arena_block *newest = arena->blocks;
	struct arena older = ARENA_INIT;

	if (!newest)
		return;
	older.blocks = newest->next;
	arena_release(&older);
	newest->next = NULL;
	memset(newest->memory, 0, arena->used);
	arena->used = 0;
	arena->total = 0;
}

static void grow(struct arena *arena, size_t needed)
{
	size_t size = arena->blocks ? arena->blocks->size * 2 : FIRST_BLOCK;
	struct arena_block *block;

	if (size > LARGEST_BLOCK)
		size = LARGEST_BLOCK;
	if (size < needed)
		size = needed;
	block = own_alloc(sizeof(*block) + size);
	block->size = size;
	block->next = arena->blocks;
	arena->blocks = block;
	arena->used = 0;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	void *memory;

	if (!arena->blocks || arena->blocks->size - arena->used < rounded)
		grow(arena, rounded);
	memory = (char *)arena->blocks->memory + arena->used;
	arena->used += rounded;
	arena->total += rounded;
	return memory;
}

char *arena_strndup(struct arena *arena, const char *bytes, size_t length)
{
	char *copy = arena_alloc(arena, length + 1);

	if (length)
		memcpy(copy, bytes, length);
	return copy;
}

char *arena_strdup(struct arena *arena, const char *string)
{
	return arena_strndup(arena, string, strlen(string));
}
