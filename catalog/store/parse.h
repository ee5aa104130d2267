/*
 * From a found document to a parsed and checked one, in three steps, so that
 * load_catalog() can read on one thread and parse on others: two threads in
 * libgit2's object database are slower than one. Internal to
 * catalog/store/.
 */
#ifndef CATALOG_PARSE_H
#define CATALOG_PARSE_H

#include "catalog/store/types.h"

/*
 * Compile the schemas of a kind, once. False when the organisation's own is
 * wrong.
 */
bool parse_prepare(
	struct catalog *catalog, enum document_kind kind, struct diags *diags);

/* Fetch the bytes: document->source is NULL after an error. */
bool parse_read(struct catalog *catalog, struct document *document,
	struct diags *diags);

/*
 * Parse and check what was read. Touches the document, the arena and diags
 * and nothing else that changes.
 */
bool parse_document(const struct catalog *catalog, struct document *document,
	struct arena *arena, struct diags *diags);

/*
 * The same, and look for secrets; the tree goes to `scratch`, which is reset
 * after, and a digest of it to `arena`.
 */
bool parse_digest(const struct catalog *catalog, struct document *document,
	struct arena *arena, struct arena *scratch, struct diags *diags);

/* Let root and valid_part be digests of these. */
void parse_digest_of(struct document *document, struct arena *arena,
	const struct node *root, const struct node *valid_part);

/* The tree again of a document of which there is but a digest. */
void parse_whole(struct catalog *catalog, struct document *document);

#endif
