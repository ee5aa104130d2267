/*
 * Between document trees and jansson values: for JSON output, for JSON that
 * comes from elsewhere than a file, and for the test suites.
 */
#ifndef SCHEMA_NODE_JSON_H
#define SCHEMA_NODE_JSON_H

#include "schema/yaml/node.h"

#include <jansson.h>

/* A tree without origins. Never fails: jansson has checked the value. */
struct node *node_from_json(struct arena *arena, const json_t *value);

/*
 * A new reference. .inf and .nan, which JSON cannot say, become null; NULs
 * in strings are kept.
 */
json_t *node_to_json(const struct node *node);

#endif
