/*
 * What documents say of each other. One function per rule, a table drives
 * them; every rule sees the whole, loaded catalog and an index of it.
 */
#ifndef CATALOG_RULES_H
#define CATALOG_RULES_H

#include "catalog/store/types.h"

/* Documents that did not parse are passed over: no cascades. */
bool rules_check(struct catalog *catalog, struct diags *diags);

#endif
