/*
 * The commits that changed one definition, newest first, as `git log --follow`
 * finds them: a merge that took a parent's version whole is passed over and
 * only that parent followed; a definition that was renamed or moved goes on
 * under its older name, which follow_rename.h knows.
 */
#ifndef CATALOG_LOG_H
#define CATALOG_LOG_H

#include "catalog/history/diff.h"
#include "catalog/history/removal.h"
#include "catalog/store/catalog.h"

/* One commit; everything is valid during the call only. */
struct log_step {
	const char *commit; /* full hex id */
	const char *author; /* name, as it was written */
	const char *email;
	const char *summary; /* the message's first line */
	long long time;      /* of the author, seconds since 1970 */
	int offset_minutes;  /* the author's, from UTC */
	enum difference difference;
	const char *old_id, *id;        /* NULL when added, removed */
	const char *old_path, *path;    /* from the repository's root */
	const json_t *fields;           /* as in struct diff_entry */
	const struct diags *unreadable; /* why there are none */
};

/* False ends the walk. */
typedef bool log_found(const struct log_step *step, void *data);

/*
 * The catalog is open at a commit; the document need not be valid. *cut says
 * that the history goes on where a shallow clone ends. False after an error.
 */
bool log_walk(const struct catalog *catalog, const struct document *document,
	log_found *found, void *data, bool *cut, struct diags *diags);

/* The same of what removal_find() has found, from the commit that removed it.
 */
bool log_walk_removed(const struct catalog *catalog,
	const struct removal *removal, log_found *found, void *data, bool *cut,
	struct diags *diags);

#endif
