/*
 * YAML text to a document tree. libyaml reads the syntax; plain scalars are
 * typed by the core schema of YAML 1.2 (section 10.3): null, ~, true, false,
 * decimal, 0o and 0x integers, floats, .inf and .nan; all else is a string.
 *
 * Refused beyond what YAML refuses: a key that stands twice, more than one
 * document, tags outside the core schema, keys that are no scalars, and
 * documents over the limits below. A merge key (`<<`) takes the keys of the
 * mapping or mappings it names, which never override keys written beside it.
 */
#ifndef SCHEMA_YAML_H
#define SCHEMA_YAML_H

#include "schema/yaml/node.h"

enum {
	YAML_MAX_BYTES = 1024 * 1024,
	YAML_MAX_DEPTH = 64,
	YAML_MAX_NODES = 200 * 1000, /* counted with aliases expanded */
	YAML_MAX_ANCHORS = 1000,
	YAML_MAX_MERGED_KEYS = 4096, /* in a map that uses `<<` */
};

/*
 * The tree, in the arena; an empty document is a null node. NULL after an
 * error, which is then in diags. The source must outlive the tree.
 */
struct node *yaml_parse(
	struct arena *arena, const struct source *source, struct diags *diags);

#endif
