/*
 * Ownership by scope: a variable declared with one of these is released when
 * it goes out of scope, on every path. Allocation never returns NULL; a
 * process that cannot get memory says so and aborts, so no caller checks.
 *
 *	AUTO(text) line = TEXT_INIT;      text_release(&line) at the end
 *	AUTO_FREE char *path = ...;       free(path)
 *	AUTO_CLOSE int fd = open(...);    close(fd) unless it is negative
 *
 * Every noun that AUTO() names has a noun_release() that accepts its INIT.
 */
#ifndef SCHEMA_OWN_H
#define SCHEMA_OWN_H

#include <stddef.h>

#define AUTO(noun)   __attribute__((cleanup(noun##_release))) struct noun
#define AUTO_FREE    __attribute__((cleanup(own_free_cleanup)))
#define AUTO_CLOSE   __attribute__((cleanup(own_close_cleanup)))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Says so and aborts. */
void own_out_of_memory(void) __attribute__((noreturn));

/* Zeroed memory. Release with free(). */
void *own_alloc(size_t size);

/* Room for count items of size bytes; aborts when the product overflows. */
void *own_realloc(void *memory, size_t count, size_t size);

/*
 * Room for one item more than the `count` that an array has: as it is where
 * *capacity allows, otherwise with twice the room. Start with NULL and 0.
 *
 *	list->items = own_grow(list->items, list->count, &list->capacity,
 *		sizeof(*list->items));
 *	list->items[list->count++] = item;
 */
void *own_grow(void *memory, size_t count, size_t *capacity, size_t size);

char *own_strdup(const char *string);
char *own_strndup(const char *bytes, size_t length);

/* What AUTO_FREE and AUTO_CLOSE call. They keep errno. */
void own_free_cleanup(void *pointer_to_pointer);
void own_close_cleanup(const int *fd);

#endif
