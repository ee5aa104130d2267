/*
 * The report as JSON, also for who does not print it at once.
 */
#ifndef CMD_REPORT_JSON_H
#define CMD_REPORT_JSON_H

#include "cmd/report/report.h"

#include <jansson.h>

/* One finding as `--format json` shows it. */
json_t *report_json_finding(const struct diag *diag);

/* What `--format json` prints, as a new reference. */
json_t *report_json_value(const struct report *report);

#endif
