/*
 * From what the user calls a revision to a commit and its tree, and what to do
 * when there is none.
 */
#ifndef CATALOG_REVISION_PARSE_H
#define CATALOG_REVISION_PARSE_H

#include "schema/diag/diag.h"

#include <stdbool.h>

struct revision;

/* The tree of what the name means, and the id that is shown. Commits only. */
bool revision_parse(
	struct revision *revision, const char *path, struct diags *diags);

#endif
