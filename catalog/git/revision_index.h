/*
 * What is staged: the content of the next commit, for a pre-commit hook.
 */
#ifndef CATALOG_REVISION_INDEX_H
#define CATALOG_REVISION_INDEX_H

#include "schema/diag/diag.h"

#include <stdbool.h>

struct revision;

bool revision_index_open(
	struct revision *revision, const char *path, struct diags *diags);

#endif
