/*
 * Regular expressions as ECMA-262 (2024, section 22.2) has them in Unicode
 * mode, which is what JSON Schema 2020-12, core section 6.4 asks for, written
 * anew for PCRE2: a whole parser, so that what ECMA-262 does not know (\A,
 * POSIX classes, possessive quantifiers, recursion, (*VERBS), inline options)
 * is refused and not understood otherwise. Private to this folder.
 *
 * Known to differ: a group inside a repetition keeps what it captured in an
 * earlier round, where ECMA-262 forgets it.
 */
#ifndef SCHEMA_JSONSCHEMA_REGEX_ECMA_H
#define SCHEMA_JSONSCHEMA_REGEX_ECMA_H

#include "schema/base/text.h"

/*
 * Append the pattern (UTF-8) for PCRE2 with PCRE2_UTF, without PCRE2_UCP.
 * False, with a static reason in *why, when it is none of ECMA-262. A pattern
 * that is one may still be beyond PCRE2: a lookbehind without a fixed length.
 */
bool ecma_translate(
	struct text *out, const char *pattern, size_t length, const char **why);

#endif
