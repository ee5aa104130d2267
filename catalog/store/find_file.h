/*
 * The file of a document, whichever ending it has.
 */
#ifndef CATALOG_FIND_FILE_H
#define CATALOG_FIND_FILE_H

#include "catalog/git/revision.h"
#include "schema/base/text.h"

/*
 * What lies at "<base>.yaml" and "<base>.yml". *found counts them; the entry
 * and `path` are those of the .yaml if there is one. Folders do not count. The
 * entry's name is not valid.
 */
bool find_file(struct revision *revision, const char *base, struct text *path,
	struct revision_entry *entry, unsigned *found, struct diags *diags);

#endif
