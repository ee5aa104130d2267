/*
 * What changed documents cause: the findings of one revision that another one
 * does not have, and all those in documents that differ. A reference from an
 * unchanged document to one that was removed is among them; an old mistake in
 * an unchanged document is not, even when it is said otherwise now. Of two
 * bridges that clash, the one that changed is told.
 */
#ifndef CATALOG_BASELINE_H
#define CATALOG_BASELINE_H

#include "catalog/store/catalog.h"

/*
 * Leave in `findings`, made by validate_catalog(now), only what changed since
 * `then`, which has the findings `old`. Both revisions have the same root. The
 * findings are sorted after; of `old` the order changes.
 */
void baseline_keep_new(struct diags *findings, struct catalog *now,
	struct diags *old, struct revision *then);

#endif
