/*
 * What changed documents cause: the findings of one revision that another one
 * does not have, and all those in documents that differ. A reference from an
 * unchanged document to one that was removed is among them; an old mistake in
 * an unchanged document is not.
 */
#ifndef CATALOG_SINCE_H
#define CATALOG_SINCE_H

#include "catalog/catalog.h"

/*
 * Leave in `findings`, made from `now`, only what changed since `then`, which
 * has the findings `old`. Both lists are sorted and both revisions have the
 * same root.
 */
void since_keep(struct diags *findings, struct revision *now,
	const struct diags *old, struct revision *then);

#endif
