/*
 * A tree without what its schema rejects: one mistake makes one finding, and
 * hides no other one of its document.
 */
#ifndef CATALOG_VALID_PART_H
#define CATALOG_VALID_PART_H

#include "schema/yaml/node.h"

/*
 * The tree with null for every text, number, list ... that an error from
 * diags->list[first] on is about; maps stay for what else is in them. Parts
 * are shared with `root`.
 */
const struct node *valid_part(struct arena *arena, const struct node *root,
	const struct diags *diags, size_t first);

#endif
