/*
 * Why libgit2 does not open a repository, and what to run so that it does.
 */
#ifndef CATALOG_REFUSAL_H
#define CATALOG_REFUSAL_H

#include "schema/diag.h"

#include <stdbool.h>

/* After a failure: was it that somebody else owns the repository? */
bool refusal_is_foreign(int code);

/*
 * After a failure to open what lies at `real_path`, of which the folder is
 * what exists; `code` is libgit2's. Always false.
 */
bool refusal_explain(const char *folder, const char *real_path, int code,
	struct diags *diags);

#endif
