/*
 * Documents made known to a catalog, by the names of their files.
 */
#ifndef CATALOG_DOCUMENT_H
#define CATALOG_DOCUMENT_H

#include "catalog/store/types.h"

/*
 * A document made known, or the one that is already known at this path. The
 * strings are copied; domain and entry may be NULL.
 */
struct document *document_add(struct catalog *catalog, enum document_kind kind,
	const char *domain, const char *id, const char *path,
	const struct revision_entry *entry);

/* The same for one that is not known. */
struct document *document_add_new(struct catalog *catalog,
	enum document_kind kind, const char *domain, const char *id,
	const char *path, const struct revision_entry *entry);

/* "the whole document", for findings; valid as long as the catalog. */
struct origin document_origin(
	struct catalog *catalog, const struct document *document);

#endif
