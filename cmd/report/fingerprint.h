/*
 * What a finding is, wherever its line has moved to: 32 hex digits made of the
 * rule, the path, the source line without its indentation, and a number that
 * tells equal ones apart. Not the line's number, so that an edit above it does
 * not make an old finding a new one.
 */
#ifndef CMD_REPORT_FINGERPRINT_H
#define CMD_REPORT_FINGERPRINT_H

#include "schema/diag/diag.h"

enum { FINGERPRINT_LENGTH = 32 };

struct fingerprint {
	char hex[FINGERPRINT_LENGTH + 1];
};

/* One for each finding, in their order; the caller frees the array. */
struct fingerprint *fingerprints(const struct diags *diags);

#endif
