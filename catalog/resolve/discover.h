/*
 * Where a catalog is when nobody says so.
 */
#ifndef CATALOG_DISCOVER_H
#define CATALOG_DISCOVER_H

#include <stdbool.h>

struct revision;

/*
 * The folder at or above the current one that has domains/, or opscatalog/
 * with domains/ in it. The search ends at the top of the working tree, and
 * outside of any repository it looks at the current folder alone. In a bare
 * repository, where hooks run, and where no file was checked out, it looks
 * into `rev`. malloc'd, or NULL. *in_repository says where HEAD would have a
 * meaning.
 */
char *discover_catalog(const char *rev, bool *in_repository);

/*
 * The same in one folder, as the revision that is open there has it: `path`
 * itself or "<path>/opscatalog"; malloc'd, or NULL when neither has domains/.
 */
char *discover_below(const char *path, struct revision *revision);

/* The same of a folder that is not open. */
char *discover_in(const char *folder, const char *rev);

#endif
