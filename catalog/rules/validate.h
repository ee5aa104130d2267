/*
 * What `validate` does with a catalog.
 */
#ifndef CATALOG_VALIDATE_H
#define CATALOG_VALIDATE_H

#include "catalog/store/types.h"

/* Lists, reads, and applies the rules. False when anything is an error. */
bool validate_catalog(struct catalog *catalog, struct diags *diags);

#endif
