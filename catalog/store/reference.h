/*
 * How documents name each other.
 */
#ifndef CATALOG_REFERENCE_H
#define CATALOG_REFERENCE_H

#include "catalog/store/types.h"
#include "schema/base/text.h"

/* proxy_jump is one text or a list of them. NULL past the last. */
const struct node *reference_jump(const struct node *value, size_t index);

/*
 * The target that a proxy_jump entry names; NULL, without an error, when it
 * names none.
 */
bool reference_jump_target(struct catalog *catalog, const char *jump,
	struct document **target, struct diags *diags);

/*
 * Whether an entry that names no target can stand for a host: one word
 * without a dot is a target's id, and a mistake. "user@host" and "host:22"
 * are always a host.
 */
bool reference_jump_is_host(const char *jump);

/*
 * "; did you mean 'x'?" with the document of this kind whose id is nearest,
 * or nothing when none is near, or after many suggestions. Lists the catalog.
 * What was probably meant counts as referred to: one typo is one message.
 */
void reference_suggest(struct text *message, struct catalog *catalog,
	enum document_kind kind, const char *id);

/*
 * Find what a document's map (the root, or the `defaults` of catalog.yaml)
 * names, and count it there. For every document, before any check.
 */
void reference_link(struct catalog *catalog, struct document *document,
	const struct node *map);

/* The document a reference names, or NULL. */
struct document *reference_find(struct catalog *catalog,
	enum document_kind kind, const struct node *reference);

#endif
