/*
 * Where a catalog is when nobody says so.
 */
#ifndef CATALOG_DISCOVER_H
#define CATALOG_DISCOVER_H

#include "schema/diag.h"

/*
 * The folder at or above the current one that has domains/, or opscatalog/
 * with domains/ in it. The search ends at the top of the working tree, and
 * outside of any repository it looks at the current folder alone. In a bare
 * repository, where hooks run, it looks into `rev`. malloc'd, or NULL.
 * *in_repository says where HEAD would have a meaning.
 */
char *discover_catalog(const char *rev, bool *in_repository);

#endif
