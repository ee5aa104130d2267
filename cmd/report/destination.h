/*
 * Where reports go: `--format F` to standard output or --output, `--format
 * F=FILE` to a file, several of them in one run, `--json` as one of them. In a
 * GitHub workflow the default is "github", and the job's summary gets a table.
 */
#ifndef CMD_REPORT_OUTLET_H
#define CMD_REPORT_OUTLET_H

#include "cmd/report/report.h"
#include "cmd/ui/options.h"

struct outlet {
	const struct report_format *format;
	const char *file; /* NULL: standard output; else the user's string */
};

struct outlets {
	struct outlet list[OPTION_MAX_TEXTS + 1];
	size_t count;
};

/* False after a message: an unknown format, two reports for one place. */
bool outlets_read(struct outlets *outlets, const struct options *options);

/* Does one of them need report.paths? */
bool outlets_need_paths(const struct outlets *outlets);

/* Write each of them; false when one could not be written. */
bool outlets_write(const struct outlets *outlets, struct report *report,
	struct diags *diags);

#endif
