/*
 * Reading a whole catalog: this thread lists and reads, others parse and check
 * what it has read.
 */
#ifndef CATALOG_LOAD_H
#define CATALOG_LOAD_H

#include "catalog/store/types.h"

/* Everything. False when anything in it is an error. */
bool load_catalog(struct catalog *catalog, struct diags *diags);

#endif
