/*
 * The formats of `catalog validate`: one row, one function, one file each.
 */
#ifndef CMD_REPORT_REPORT_H
#define CMD_REPORT_REPORT_H

#include "schema/diag.h"
#include "schema/text.h"

#include <stdbool.h>
#include <stddef.h>

struct report {
	const char *catalog;       /* its path, as the user gave it */
	const char *revision;      /* full id, INDEX or WORKTREE */
	size_t documents;          /* read */
	bool valid;                /* warnings considered, with --strict */
	bool for_terminal;         /* source lines and carets */
	bool quiet;                /* no summary, no notes */
	bool notes;                /* show notes */
	const struct diags *diags; /* sorted */
};

struct report_format {
	const char *name;
	void (*write)(struct text *out, const struct report *report);
};

extern const struct report_format report_formats[];
extern const size_t report_format_count;

void report_text(struct text *out, const struct report *report);
void report_json(struct text *out, const struct report *report);

#endif
