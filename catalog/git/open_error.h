/*
 * Why libgit2 does not open a repository, and what to run so that it does.
 */
#ifndef CATALOG_OPEN_ERROR_H
#define CATALOG_OPEN_ERROR_H

#include "schema/diag/diag.h"

#include <git2.h>
#include <stdbool.h>

/* After a failure: was it that somebody else owns the repository? */
bool open_error_is_foreign(int code);

/*
 * After a failure to open what lies at `real_path`, of which the folder is
 * what exists; `code` is libgit2's. Always false.
 */
bool open_error_explain(const char *folder, const char *real_path, int code,
	struct diags *diags);

/*
 * Of a repository that was opened: false when its objects or references are
 * of a kind that libgit2 cannot read. It takes the extensions for known that
 * say so, see libgit2_init.c, and looks at no value of theirs; 1.7 and later do
 * of the hash, and open_error_explain() says the same then.
 */
bool open_error_format(
	git_repository *repository, const char *folder, struct diags *diags);

#endif
