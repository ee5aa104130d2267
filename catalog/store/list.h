/*
 * What documents a catalog has, by the names of files and folders alone.
 */
#ifndef CATALOG_LIST_H
#define CATALOG_LIST_H

#include "catalog/store/types.h"

/*
 * Fill catalog->of[] with every document's kind, id and path, from names
 * alone; unexpected files, bad ids and duplicates are reported.
 */
bool list_catalog(struct catalog *catalog, struct diags *diags);

/*
 * list_catalog() that calls `step` whenever it has appended some documents to
 * catalog->of[], and at the end; then it sorts them.
 */
bool list_catalog_stepwise(struct catalog *catalog, void (*step)(void *data),
	void *data, struct diags *diags);

#endif
