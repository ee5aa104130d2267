/*
 * The documents that a catalog has heard of, by kind and id. The hash ignores
 * case, so that ids which differ by nothing else meet.
 */
#ifndef CATALOG_DOCUMENT_TABLE_H
#define CATALOG_DOCUMENT_TABLE_H

#include "catalog/store/types.h"

/*
 * The first that was added with this kind, id and, unless `domain` is NULL,
 * domain; NULL when there is none.
 */
struct document *document_table_find(const struct documents *known,
	enum document_kind kind, const char *domain, const char *id);

/* The same, whatever the case of the id. */
struct document *document_table_find_folded(
	const struct documents *known, enum document_kind kind, const char *id);

/* Of an id, for document->hash. */
uint32_t document_table_hash(enum document_kind kind, const char *id);

/* The document's hash is set. */
void document_table_add(struct documents *known, struct document *document);

/* Make room for so many more at once. */
void document_table_expect(struct documents *known, size_t more);

/*
 * "domain/id" or "id": `domain` is a buffer of BRIDGE_MAX_NAME + 1 bytes.
 * Returns the id's place in the reference, or NULL when a part is no valid
 * name; *has_domain says whether the buffer was filled.
 */
const char *document_table_split(
	const char *reference, char *domain, bool *has_domain);

#endif
