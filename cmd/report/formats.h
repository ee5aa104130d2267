/*
 * The table of the formats of `catalog validate`: one row each, and one file
 * beside it with the function of report.h that the row names.
 */
#ifndef CMD_REPORT_FORMATS_H
#define CMD_REPORT_FORMATS_H

#include "cmd/report/report.h"

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

#endif
