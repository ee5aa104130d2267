/*
 * ECMA-262 patterns by PCRE2, each within bounds. Internal to jsonschema/.
 */
#ifndef SCHEMA_JSONSCHEMA_REGEX_H
#define SCHEMA_JSONSCHEMA_REGEX_H

#include "schema/base/arena.h"

#include <stddef.h>
#include <stdint.h>

struct regex;

/*
 * In the arena; what is not is put into *list, for regex_free_all(). NULL with
 * a message when it does not compile.
 */
const struct regex *regex_compile(struct arena *arena, struct regex **list,
	const char *pattern, size_t length, const char **why);

enum regex_answer { REGEX_NO, REGEX_YES, REGEX_TOO_HARD };

/* What all the matches of one validation may cost together: about a second. */
#define REGEX_BUDGET UINT64_C(50000000)

/* Pays from *budget; too hard when that is gone, or for this match alone. */
enum regex_answer regex_match(const struct regex *regex, const char *bytes,
	size_t length, uint64_t *budget);

const char *regex_text(const struct regex *regex);

void regex_free_all(struct regex *list);

#endif
