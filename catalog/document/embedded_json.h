/*
 * JSON that is part of this program, to a document tree: our own schemas,
 * which every command needs before it does anything else. Reading them as
 * YAML, or through a JSON library, takes longer than opening a repository.
 */
#ifndef CATALOG_EMBEDDED_JSON_H
#define CATALOG_EMBEDDED_JSON_H

#include "schema/yaml/node.h"

/*
 * Nodes without origins, in the arena. Wrong JSON is a mistake of ours and
 * ends the process; never give it bytes from outside. \u escapes are not
 * understood, as the schemas are UTF-8.
 */
struct node *trusted_json(struct arena *arena, const struct source *source);

#endif
