/*
 * What a plain scalar is. YAML 1.2.2, section 10.3.2 (core schema), and where
 * YAML 1.1 tools would read it differently.
 */
#ifndef SCHEMA_YAML_SCALAR_H
#define SCHEMA_YAML_SCALAR_H

#include "schema/yaml/node.h"

/*
 * Fills kind and value of *node unless the text is a string, which is left
 * to the caller. Returns the kind. bytes[length] must be a NUL.
 */
enum node_kind yaml_core_scalar(
	struct node *node, const char *bytes, size_t length);

/*
 * "a boolean" or "an octal number" for texts such as yes, off and 022 that
 * YAML 1.1 tools take for that; NULL for all others.
 */
const char *yaml_1_1_reading(const char *bytes, size_t length);

#endif
