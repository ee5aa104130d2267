/*
 * YAML tags. Those of the core schema (YAML 1.2.2, chapter 10) are allowed
 * where they fit; all others are refused, for no tool would agree on what
 * they mean.
 */
#ifndef SCHEMA_YAML_TAG_H
#define SCHEMA_YAML_TAG_H

#include "schema/yaml/node.h"

enum yaml_tag {
	YAML_TAG_NONE,
	YAML_TAG_STRING,
	YAML_TAG_CORE, /* null, bool, int or float: the text decides */
	YAML_TAG_MAP,
	YAML_TAG_LIST,
	YAML_TAG_UNKNOWN,
};

/* tag is the whole tag, "tag:yaml.org,2002:str", or NULL for none. */
enum yaml_tag yaml_tag_read(const char *tag);

/*
 * May the tag stand on a scalar (wanted is YAML_TAG_CORE), a list or a map?
 * False after an error.
 */
bool yaml_tag_check(const char *tag, enum yaml_tag wanted,
	const struct origin *at, struct diags *diags);

/* Is this value what its tag, a YAML_TAG_CORE, says? False after an error. */
bool yaml_tag_check_value(const char *tag, const struct node *node,
	const char *bytes, struct diags *diags);

#endif
