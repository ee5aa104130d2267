/*
 * Where reports go: `--format F` to standard output or --output, `--format
 * F=FILE` to a file, several of them in one run, `--json` as one of them. In a
 * GitHub workflow the default is "github", and the job's summary gets a table.
 */
#ifndef CMD_REPORT_DESTINATION_H
#define CMD_REPORT_DESTINATION_H

#include "cmd/report/formats.h"
#include "cmd/report/report.h"
#include "cmd/ui/options.h"

struct destination {
	const struct report_format *format;
	const char *file; /* NULL: standard output; else the user's string */
};

struct destinations {
	struct destination list[OPTION_MAX_TEXTS + 1];
	size_t count;
};

/* False after a message: an unknown format, two reports for one place. */
bool destinations_read(
	struct destinations *destinations, const struct options *options);

/* Does one of them need report.paths? */
bool destinations_need_paths(const struct destinations *destinations);

/* Write each of them; false when one could not be written. */
bool destinations_write(const struct destinations *destinations,
	struct report *report, struct diags *diags);

#endif
