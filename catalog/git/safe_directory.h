/*
 * Does the user trust a repository that belongs to somebody else? Asked the
 * way git asks: safe.directory of the system's and the user's configuration
 * and of GIT_CONFIG_COUNT, never of the repository's own.
 *
 * Bug: libgit2 refuses repositories that git opens. It does not know
 *
 *	'*', which CI images set     up to 1.5     594bd70b8, in 1.6.1
 *	'<a folder>/\*'              up to 1.9.7   c90dc5284, in no release yet
 *	GIT_CONFIG_GLOBAL, _SYSTEM   up to 1.6     389f9b10e, in 1.7.0, but only
 *	                                           with OPEN_FROM_ENV
 *	GIT_CONFIG_COUNT             every version so far
 *
 * Because of the last two every version needs this, so no check of the version
 * stands around it. It is asked only after libgit2 has refused.
 */
#ifndef CATALOG_SAFE_DIRECTORY_H
#define CATALOG_SAFE_DIRECTORY_H

#include <stdbool.h>

/* `folder`: the top of the working tree, or the bare repository. */
bool safe_directory_trusts(const char *folder);

#endif
