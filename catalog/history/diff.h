/*
 * What differs between two revisions of a catalog, in the catalog's own words:
 * definitions added, removed, changed field by field, and renamed. Documents
 * pair by kind and id, so one that moved to another domain has changed.
 */
#ifndef CATALOG_DIFF_H
#define CATALOG_DIFF_H

#include "catalog/store/catalog.h"

#include <jansson.h>

enum difference {
	DIFFERENCE_ADDED,
	DIFFERENCE_REMOVED,
	DIFFERENCE_CHANGED,
	DIFFERENCE_RENAMED, /* see similarity.h; fields may have changed, too */
};

const char *difference_name(enum difference difference);

struct diff_entry {
	enum difference difference;
	const struct document *old; /* NULL when added */
	const struct document *now; /* NULL when removed */
	json_t *fields; /* [{"field", "old", "new"}], null where not set; none
			   when either document cannot be read */
};

struct diff {
	struct diff_entry *list; /* by kind, then by the newer id */
	size_t count, capacity;
};

#define DIFF_INIT                                                              \
	{                                                                      \
		.list = NULL                                                   \
	}

void diff_release(struct diff *diff);

/*
 * Both catalogs are loaded and outlive the result. A document that cannot be
 * read differs when its bytes do.
 */
void diff_catalogs(struct diff *diff, const struct catalog *old,
	const struct catalog *now);

/* Has it fields? Not when it could not be parsed, or is no mapping. */
bool diff_can_read(const struct document *document);

/*
 * The fields of one document before and after as diff_entry.fields; either
 * may be NULL. Names of nested fields are joined with dots.
 */
json_t *diff_fields(const struct document *old, const struct document *now);

#endif
