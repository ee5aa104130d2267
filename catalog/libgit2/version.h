/*
 * Which libgit2 this is compiled against. A work-around stands behind
 *
 *	#if !LIBGIT2_VERSION_CHECK(1, 9, 3)
 *
 * with the first release that does not need it, and compiles to nothing from
 * there on. One that no release has made unnecessary says so in its header.
 *
 * Releases of one minor version share a library name, so a program compiled
 * against 1.9.3 starts with the library of 1.9.0, too: build on the oldest
 * one that it is to run with.
 */
#ifndef CATALOG_LIBGIT2_VERSION_H
#define CATALOG_LIBGIT2_VERSION_H

#include <git2.h>

/* Is it this version or a later one? libgit2 has it from 1.9 on. */
#ifndef LIBGIT2_VERSION_CHECK
#define LIBGIT2_VERSION_CHECK(major, minor, revision)                          \
	(LIBGIT2_VER_MAJOR * 1000000 + LIBGIT2_VER_MINOR * 10000 +             \
			LIBGIT2_VER_REVISION * 100 >=                          \
		(major)*1000000 + (minor)*10000 + (revision)*100)
#endif

/* git_error_set_str() was in git2.h before. */
#if LIBGIT2_VERSION_CHECK(1, 8, 0)
#include <git2/sys/errors.h>
#endif

#endif
