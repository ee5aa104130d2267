#include "schema/base/arena.h"

#include "schema/base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
	ALIGNMENT = sizeof(uint64_t),
	FIRST_BLOCK = 4096,
	LARGEST_BLOCK = 256 * 1024,
	MAPPED_BLOCK = 128 * 1024, /* from here on pages come at once */
};

struct arena_block {
	struct arena_block *next;
	size_t size;
	uint64_t memory[];
};

/*
 * A large block will be filled, and asking for its pages one by one takes
 * longer than filling them.
 */
static struct arena_block *get_block(size_t size)
{
	size_t whole = sizeof(struct arena_block) + size;
	struct arena_block *block;

	if (size < MAPPED_BLOCK)
		return own_alloc(whole);
	block = mmap(NULL, whole, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (block == MAP_FAILED)
		own_out_of_memory();
	return block;
}

static void put_block(struct arena_block *block)
{
	if (block->size < MAPPED_BLOCK)
		free(block);
	else
		munmap(block, sizeof(*block) + block->size);
}

void arena_release(struct arena *arena)
{
	struct arena_block *block = arena->blocks;

	while (block) {
		struct arena_block *next = block->next;

		put_block(block);
		block = next;
	}
	*arena = (struct arena)ARENA_INIT;
}

/* One block is enough for the next document: the newest, mostly the largest. */
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
	block = get_block(size);
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
