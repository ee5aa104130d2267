/*
 * What `catalog validate` reports, and the functions that write it: one format,
 * one function, one file each. The same report always gives the same bytes.
 * Paths in findings are relative to the repository's root; every text may come
 * from a hostile document.
 */
#ifndef CMD_REPORT_REPORT_H
#define CMD_REPORT_REPORT_H

#include "schema/base/text.h"
#include "schema/diag/diag.h"

#include <stdbool.h>
#include <stddef.h>

struct report {
	const char *catalog;       /* its path, as the user gave it */
	const char *revision;      /* full id, INDEX or WORKTREE */
	const char *since;         /* full id; what the user calls it where
				      there is no catalog at all; or NULL:
				      everything counts */
	size_t documents;          /* read */
	const char *const *paths;  /* of the documents; sorted, may be NULL */
	size_t path_count;         /* 0 when paths is NULL */
	bool valid;                /* warnings considered, with --strict */
	bool strict;               /* warnings count as failures */
	bool for_terminal;         /* source lines and carets */
	bool quiet;                /* no summary, no notes */
	bool notes;                /* show notes */
	const struct diags *diags; /* sorted */
};

/* Does this finding make the report invalid? */
static inline bool report_counts(
	const struct report *report, const struct diag *diag)
{
	return diag->severity == SEVERITY_ERROR ||
	       (report->strict && diag->severity == SEVERITY_WARNING);
}

void report_text(struct text *out, const struct report *report);
void report_json(struct text *out, const struct report *report);
void report_github(struct text *out, const struct report *report);
void report_markdown(struct text *out, const struct report *report);
void report_gitlab(struct text *out, const struct report *report);
void report_sarif(struct text *out, const struct report *report);
void report_junit(struct text *out, const struct report *report);
void report_rdjson(struct text *out, const struct report *report);

#endif
