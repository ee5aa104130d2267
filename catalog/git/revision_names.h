/*
 * What a repository calls its revisions, to suggest and complete.
 */
#ifndef CATALOG_REVISION_NAMES_H
#define CATALOG_REVISION_NAMES_H

#include <stddef.h>

struct revision;

/*
 * Names of branches and tags, those on disk, 10,000 at most; malloc'd: free
 * them with revision_names_release().
 */
char **revision_names(const struct revision *revision, size_t *count);

void revision_names_release(char **names, size_t count);

#endif
