/*
 * libgit2 1.5 believes a loose object's header: when the file holds more than
 * the size written there, it writes up to 64 bytes of it behind its buffer.
 * Its streams only give what they are asked for, so whole objects are read
 * through them. (They would wait for ever at the end of a file that is too
 * short; inflate_truncated.h sees to that.)
 */
#ifndef CATALOG_LOOSE_OBJECT_H
#define CATALOG_LOOSE_OBJECT_H

#include <git2.h>

/* Read this repository's loose objects so. 0, or libgit2's error code. */
int loose_object_make_safe(git_repository *repository);

#endif
