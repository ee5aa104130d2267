/*
 * Where a definition went that a revision does not have any more: the newest
 * commit before it that took the last one with this id away, be it deleted or
 * renamed. The history is followed where the id is absent alone, so a merge
 * leads into the branch that removed it and not into one that never heard of
 * that; a merge that itself left out what one side has is the answer when
 * there is no other. Where the catalog itself has moved, it is looked for at
 * its older place: follow_rename_root().
 *
 * Reads commits and trees, each tree once, and no document. At most
 * REMOVAL_MAX_COMMITS are looked at.
 */
#ifndef CATALOG_REMOVAL_H
#define CATALOG_REMOVAL_H

#include "catalog/store/catalog.h"

#define REMOVAL_MAX_COMMITS 100000

struct removal {
	char *path; /* from the repository's root; NULL: there never was one */
	enum document_kind kind;
	const char *id;  /* in the reference */
	char commit[41]; /* that removed it, in hex */
	/* Not all of the history was searched: */
	bool cut;      /* a shallow clone ends before it */
	bool too_long; /* it has more commits than that */
};

#define REMOVAL_INIT                                                           \
	{                                                                      \
		.path = NULL                                                   \
	}

void removal_release(struct removal *removal);

/*
 * The revision has nothing with this id, which may be written "domain/id" of
 * a bridge or target. Of several kinds in one commit the first of bridge,
 * target, actor and domain counts. No revision but a commit has a history.
 * False after an error: it may lie in an object that cannot be read.
 */
bool removal_find(struct removal *removal, const struct catalog *catalog,
	const char *reference, struct diags *diags);

#endif
