/*
 * How `catalog diff` and `catalog log` print what changed in a definition.
 */
#ifndef CMD_CHANGES_H
#define CMD_CHANGES_H

#include "schema/diag/diag.h"

#include <jansson.h>

/* Text from a catalog on standard output, made visible. */
void changes_print_text(const char *text);

/* "    field: old -> new" for each of diff_entry.fields. */
void changes_print_fields(const json_t *fields);

/*
 * Why the fields of a document are not known, each as
 * "    cannot be read at REVISION: path:line:col: error: message [rule]", and
 * as a finding of `catalog validate` with its revision.
 */
void changes_print_unreadable(const struct diags *why);
json_t *changes_unreadable_json(const struct diags *why);

#endif
