#include "schema/base/alloc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void own_out_of_memory(void)
{
	fputs("bridge: out of memory\n", stderr);
	abort();
}

static void *require(void *memory)
{
	if (!memory)
		own_out_of_memory();
	return memory;
}

void *own_alloc(size_t size)
{
	return require(calloc(1, size ? size : 1));
}

void *own_realloc(void *memory, size_t count, size_t size)
{
	return require(
		reallocarray(memory, count ? count : 1, size ? size : 1));
}

void *own_grow(void *memory, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return memory;
	*capacity = count ? 2 * count : 8;
	return own_realloc(memory, *capacity, size);
}

char *own_strdup(const char *string)
{
	return require(strdup(string));
}

char *own_strndup(const char *bytes, size_t length)
{
	char *copy = own_alloc(length + 1);

	if (length)
		memcpy(copy, bytes, length);
	return copy;
}

void own_free_cleanup(void *pointer_to_pointer)
{
	void *memory;

	memcpy(&memory, pointer_to_pointer, sizeof(memory));
	free(memory);
}

void own_close_cleanup(const int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	errno = saved;
}
