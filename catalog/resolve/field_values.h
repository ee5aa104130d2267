/*
 * From what a document says to the value of a field.
 */
#ifndef CATALOG_FIELD_VALUES_H
#define CATALOG_FIELD_VALUES_H

#include "schema/yaml/node.h"

#include <jansson.h>

/*
 * The absolute path of an ssh_key, a new reference; NULL after an error. A
 * relative one would mean another file in each working directory.
 */
json_t *field_values_ssh_key(const struct node *value, struct diags *diags);

/* "path:line"; malloc'd. */
char *field_values_place(const struct origin *at);

/* 204, "200-399" or a list of both, as "200-399,418"; malloc'd. */
char *field_values_expect_status(const struct node *value);

#endif
