/*
 * Objects that a revision names and that cannot be read: a partial clone has
 * not fetched them, or a disk has damaged them. Each is one finding, which
 * gives the command that brings it back; shown together they are one.
 */
#ifndef CATALOG_MISSING_OBJECT_H
#define CATALOG_MISSING_OBJECT_H

#include "schema/diag/diag.h"

struct revision;

/*
 * What lies at `path`, counted from the repository's root, could not be read:
 * `code` and libgit2_error() are libgit2's. `id` is the object's 20 bytes,
 * or NULL where libgit2 does not tell. Always false.
 */
bool missing_object_report(struct revision *revision, const char *path,
	const unsigned char *id, int code, struct diags *diags);

/* A commit that a reference names and the repository does not have. */
bool missing_object_report_commit(struct revision *revision,
	const unsigned char *id, struct diags *diags);

/*
 * One finding for all missing objects, and one for all damaged ones: a
 * partial clone lacks every document. Call it on what is about to be shown.
 */
void missing_object_fold(struct diags *diags);

#endif
