/*
 * Which domain a bridge or target lies in, when only its id is known, at a
 * cost that does not grow with the catalog: an index in the user's cache
 * folder, named after the tree it describes, so it is never out of date.
 *
 *	$XDG_CACHE_HOME/bridge/locate-1-<hex id of the domains/ tree>
 *
 * A missing, damaged or hostile index costs time and nothing else: an
 * answer that is not in the tree, and a miss, are searched for there.
 */
#ifndef CATALOG_FIND_DOMAIN_H
#define CATALOG_FIND_DOMAIN_H

#include "catalog/git/revision.h"
#include "schema/base/text.h"
#include "schema/embedded.h"

/*
 * Append the domain that the index names; false when it names none. Whether
 * the document is there is for the caller to see.
 */
bool find_domain_cached(struct revision *revision, enum document_kind kind,
	const char *id, struct text *domain);

/*
 * Append the domain of a DOCUMENT_BRIDGE or DOCUMENT_TARGET, the first in
 * the order of strcmp() when several have one; nothing, without an error,
 * when none has. The id is a valid name. Searches, and writes the index.
 */
bool find_domain(struct revision *revision, enum document_kind kind,
	const char *id, struct text *domain, struct diags *diags);

#endif
