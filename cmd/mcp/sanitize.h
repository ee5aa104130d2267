/*
 * Text from a catalog, a log or ssh on its way to a model: it says what it
 * says, but hides nothing and commands no terminal.
 */
#ifndef CMD_MCP_SANITIZE_H
#define CMD_MCP_SANITIZE_H

#include "schema/base/text.h"

#include <jansson.h>

/*
 * Append without control characters (but for LF and TAB), terminal sequences
 * (ECMA-48: CSI, OSC and the like), bidirectional and zero-width characters;
 * what is not UTF-8 is left out.
 */
void sanitize_append(struct text *text, const char *bytes, size_t length);

/* Every string and every key below, made so: a new reference. */
json_t *sanitize_json(const json_t *value);

#endif
