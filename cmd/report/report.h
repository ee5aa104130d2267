/*
 * The formats of `catalog validate`: one row, one function, one file each.
 * The same report always gives the same bytes. Paths in findings are relative
 * to the repository's root; every text may come from a hostile document.
 */
#ifndef CMD_REPORT_REPORT_H
#define CMD_REPORT_REPORT_H

#include "schema/base/text.h"
#include "schema/diag/diag.h"

#include <jansson.h>
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

struct report_format {
	const char *name;
	const char *help;
	void (*write)(struct text *out, const struct report *report);
	bool paths; /* needs them */
};

extern const struct report_format report_formats[];
extern const size_t report_format_count;

/* The row with this name, or NULL; `name` need not end after `length`. */
const struct report_format *report_format_find(const char *name, size_t length);

/* `path:line:col: severity: message [rule]` without a newline. */
void report_line(struct text *out, const struct diag *diag);

/* "valid: 5 documents, ..." and a newline. */
void report_summary(struct text *out, const struct report *report);

/* Does this finding make the report invalid? */
bool report_counts(const struct report *report, const struct diag *diag);

/* A JSON string; what is not UTF-8 in it is made visible. */
json_t *report_string(const char *string);

/* One finding as `--format json` shows it. */
json_t *report_finding(const struct diag *diag);

/* What `--format json` prints, as a new reference. */
json_t *report_to_json(const struct report *report);

/* Pretty JSON and a newline; takes the reference over. */
void report_dump(struct text *out, json_t *json);

void report_text(struct text *out, const struct report *report);
void report_json(struct text *out, const struct report *report);
void report_github(struct text *out, const struct report *report);
void report_markdown(struct text *out, const struct report *report);
void report_gitlab(struct text *out, const struct report *report);
void report_sarif(struct text *out, const struct report *report);
void report_junit(struct text *out, const struct report *report);
void report_rdjson(struct text *out, const struct report *report);

#endif
