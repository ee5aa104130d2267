/*
 * Documents with the same bytes, by the id of their blob: they are parsed and
 * checked once, also when they are of two revisions. Internal to catalog*.c.
 */
#ifndef CATALOG_TWINS_H
#define CATALOG_TWINS_H

#include "catalog/store/types.h"

/*
 * May what was found in the elder's documents be said of the catalog's? Both
 * have the same schemas and weigh rules in the same way. Both are listed.
 */
bool twins_agree(const struct catalog *catalog, const struct catalog *elder);

/* A document, and another with the same bytes that is read before it. */
struct twin {
	struct document *document;
	const struct document *twin;
	bool is_elder; /* the twin is the elder's */
};

/* False when it has none yet; then others may find this one. */
bool twins_find(
	struct catalog *catalog, struct document *document, struct twin *pair);

/*
 * Make the document what its twin is, once that is parsed, and say of it what
 * was said of that one. `own` is what was said of the catalog's documents so
 * far, in the order of diags_sort().
 */
void twins_copy(struct catalog *catalog, const struct twin *pair,
	const struct diags *own, struct diags *diags);

#endif
