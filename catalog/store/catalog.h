/*
 * The OpsCatalog at a revision: its documents, found, parsed and checked
 * against their schemas.
 *
 *	catalog_open()     opens; reads nothing but catalog.yaml
 *	catalog_find()     one document by its id, and no other
 *	list_catalog()     the ids of a kind, by the names of the files alone
 *	load_catalog()     everything, for validate and the cross-document rules
 *
 * A document is parsed once; asking again returns the same one. One broken
 * document never hides another.
 */
#ifndef CATALOG_CATALOG_H
#define CATALOG_CATALOG_H

#include "catalog/store/types.h"

/*
 * The catalog takes the revision over, also when it fails. A broken
 * catalog.yaml is reported and is no failure: look at settings->valid.
 */
bool catalog_open(struct catalog **catalog, struct revision *revision,
	struct diags *diags);

/* Accepts NULL. */
void catalog_close(struct catalog *catalog);

/*
 * Read, parse and check one listed or found document. For one that was read
 * before and is not valid, one more error says so.
 */
bool catalog_read(struct catalog *catalog, struct document *document,
	struct diags *diags);

/*
 * The document with this id, read: a bridge, target, actor or domain. The
 * cost does not depend on the catalog's size. A target or bridge may be
 * written "domain/id". *document is NULL, without an error, when there is
 * none; false when there is one that cannot be used.
 */
bool catalog_find(struct catalog *catalog, enum document_kind kind,
	const char *id, struct document **document, struct diags *diags);

/*
 * The same without reading the document: it need not be valid. *document is
 * NULL, without an error, when there is none.
 */
bool catalog_locate(struct catalog *catalog, enum document_kind kind,
	const char *id, struct document **document, struct diags *diags);

#endif
