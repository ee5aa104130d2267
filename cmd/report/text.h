/*
 * The last line of a report for people.
 */
#ifndef CMD_REPORT_TEXT_H
#define CMD_REPORT_TEXT_H

#include "cmd/report/report.h"

/* "valid: 5 documents, ..." and a newline. */
void report_text_summary(struct text *out, const struct report *report);

#endif
