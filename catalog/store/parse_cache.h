/*
 * Documents with the same bytes, by the id of their blob: they are parsed and
 * checked once, also when they are of two revisions. Internal to
 * catalog/store/.
 */
#ifndef CATALOG_PARSE_CACHE_H
#define CATALOG_PARSE_CACHE_H

#include "catalog/store/types.h"

/*
 * May what was found in the base's documents be said of the catalog's? Both
 * have the same schemas and weigh rules in the same way. Both are listed.
 */
bool parse_cache_fits(
	const struct catalog *catalog, const struct catalog *base);

/* A document, and another with the same bytes that is read before it. */
struct cached {
	struct document *document;
	const struct document *cached;
	bool is_base; /* of the base */
};

/* False when it has none yet; then others may find this one. */
bool parse_cache_find(struct catalog *catalog, struct document *document,
	struct cached *pair);

/*
 * Make the document what the cached one is, once that is parsed, and say of it
 * what was said of that one. `own` is what was said of the catalog's documents
 * so far, in the order of diags_sort().
 */
void parse_cache_copy(struct catalog *catalog, const struct cached *pair,
	const struct diags *own, struct diags *diags);

#endif
