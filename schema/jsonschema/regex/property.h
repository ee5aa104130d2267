#ifndef SCHEMA_JSONSCHEMA_REGEX_PROPERTY_H
#define SCHEMA_JSONSCHEMA_REGEX_PROPERTY_H

#include "schema/base/text.h"

/*
 * What stands between the braces of \p{...}, in PCRE2's words: general
 * categories, scripts and the binary properties of ECMA-262, tables 66 to 68.
 */
bool property_translate(struct text *out, const char *name, size_t length);

#endif
