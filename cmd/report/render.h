/*
 * What several report formats write alike.
 */
#ifndef CMD_REPORT_RENDER_H
#define CMD_REPORT_RENDER_H

#include "schema/base/text.h"
#include "schema/diag/diag.h"

#include <jansson.h>

/* `path:line:col: severity: message [rule]` without a newline. */
void render_line(struct text *out, const struct diag *diag);

/* A JSON string; what is not UTF-8 in it is made visible. */
json_t *render_string(const char *string);

/* Pretty JSON and a newline; takes the reference over. */
void render_dump(struct text *out, json_t *json);

#endif
