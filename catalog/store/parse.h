/*
 * From a found document to a parsed and checked one, in three steps, so that
 * catalog_load() can read on one thread and parse on others: two threads in
 * libgit2's object database are slower than one. Internal to catalog*.c.
 */
#ifndef CATALOG_PARSE_H
#define CATALOG_PARSE_H

#include "catalog/store/catalog.h"

/*
 * A document made known, or the one that is already known at this path. The
 * strings are copied; domain and entry may be NULL.
 */
struct document *catalog_add(struct catalog *catalog, enum document_kind kind,
	const char *domain, const char *id, const char *path,
	const struct revision_entry *entry);

/* The same for one that is not known. */
struct document *catalog_add_new(struct catalog *catalog,
	enum document_kind kind, const char *domain, const char *id,
	const char *path, const struct revision_entry *entry);

/*
 * catalog_list() that calls `step` whenever it has appended some documents to
 * catalog->of[], and at the end; then it sorts them.
 */
bool catalog_list_stepwise(struct catalog *catalog, void (*step)(void *data),
	void *data, struct diags *diags);

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

/* Let root and sound be digests of these. */
void parse_digest_of(struct document *document, struct arena *arena,
	const struct node *root, const struct node *sound);

/* The tree again of a document of which there is but a digest. */
void parse_whole(struct catalog *catalog, struct document *document);

#endif
