/*
 * How `catalog diff` and `catalog log` print what changed in a definition.
 */
#ifndef CMD_CHANGES_H
#define CMD_CHANGES_H

#include <jansson.h>

/* Text from a catalog on standard output, made visible. */
void changes_print_text(const char *text);

/* "    field: old -> new" for each of diff_entry.fields. */
void changes_print_fields(const json_t *fields);

#endif
