/*
 * What the cross-document rules need of a document, copied out of its tree.
 * A tree takes ten times the memory of its text; of a large catalog, all of
 * them do not fit into the processor's caches, and hardly into the machine.
 * Measured on 20,000 documents with two processors, medians of 9 in turns: to
 * validate with whole trees takes a third more time (524 ms, with digests 377
 * and 420) and twice the memory (76 MiB at most, with digests 40).
 *
 * A digest is a tree like any other, but for two things: its keys have no
 * origin, and values that no rule of catalog/rules/ looks at are not
 * there. A text that no schema allows, because it is too long, is cut.
 */
#ifndef CATALOG_RULE_VIEW_H
#define CATALOG_RULE_VIEW_H

#include "schema/embedded.h"
#include "schema/yaml/node.h"

/*
 * The digest of a document, or of a digest. Its values stand where they stood
 * in the document, but in `source`: another document has the same bytes.
 */
struct node *digest(struct arena *arena, enum document_kind kind,
	const struct node *root, const struct source *source);

#endif
