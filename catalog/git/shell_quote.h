/*
 * Commands in messages can be pasted into a shell as they stand.
 */
#ifndef CATALOG_SHELL_QUOTE_H
#define CATALOG_SHELL_QUOTE_H

#include "schema/base/text.h"

/* One word for a POSIX shell: in quotes where it needs them. */
void shell_quote(struct text *command, const char *word);

#endif
