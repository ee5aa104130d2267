/*
 * libgit2, started once and set for this program: no transports, no cache, no
 * check of what is read but where it is asked for.
 */
#ifndef CATALOG_LIBGIT2_INIT_H
#define CATALOG_LIBGIT2_INIT_H

#include "schema/diag/diag.h"

#include <stdbool.h>

/*
 * Doing it again does nothing; any thread may. `strict` verifies the hash of
 * every object that is read, from now on and in the whole process.
 */
bool libgit2_init(bool strict, struct diags *diags);

/* What libgit2 said last; never NULL. */
const char *libgit2_error(void);

#endif
