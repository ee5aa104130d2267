/*
 * What changed in a definition, for people.
 */
#ifndef CMD_CHANGE_H
#define CMD_CHANGE_H

#include "schema/base/text.h"

#include <jansson.h>

/*
 * "remote_port: 1 -> 2" from {"field", "old", "new"}, as bridge_differences()
 * and diff_entry.fields have them; null is "(none)". With `most` (0: no limit)
 * of each value so many bytes, from shortly before they begin to differ.
 */
void change_append(struct text *text, const json_t *change, size_t most);

#endif
