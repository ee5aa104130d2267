/*
 * Bug: libgit2 believes a loose object's header. When the file holds more than
 * the size written there, it writes up to 64 bytes of it behind its buffer.
 * Fixed by 4f272981c of January 2026, released in 1.9.3; 1.9.2 and all of 1.8
 * are the last versions that need this.
 *
 * libgit2's streams only give what they are asked for, so whole objects are
 * read through them. (They would wait for ever at the end of a file that is
 * too short; inflate_truncated.h sees to that.)
 */
#ifndef CATALOG_LOOSE_OBJECT_H
#define CATALOG_LOOSE_OBJECT_H

#include "catalog/libgit2/version.h"

#include <git2.h>

#if LIBGIT2_VERSION_CHECK(1, 9, 3)

static inline int loose_make_safe(git_repository *repository)
{
	(void)repository;
	return 0;
}

#else

/* Read this repository's loose objects so. 0, or libgit2's error code. */
int loose_object_make_safe(git_repository *repository);

#endif

#endif
