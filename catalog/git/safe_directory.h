/*
 * Does the user trust a repository that belongs to somebody else? Asked the
 * way git asks: safe.directory of the system's and the user's configuration
 * and of GIT_CONFIG_COUNT, never of the repository's own. libgit2 1.5 alone
 * knows exact paths only, in the default files only: neither the '*' that CI
 * images set nor GIT_CONFIG_GLOBAL.
 */
#ifndef CATALOG_SAFE_DIRECTORY_H
#define CATALOG_SAFE_DIRECTORY_H

#include <stdbool.h>

/* `folder`: the top of the working tree, or the bare repository. */
bool safe_directory_trusts(const char *folder);

#endif
