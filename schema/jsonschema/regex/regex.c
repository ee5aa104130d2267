#define PCRE2_CODE_UNIT_WIDTH 8

#include "schema/jsonschema/regex/regex.h"

#include "schema/base/text.h"
#include "schema/jsonschema/regex/ecma.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A pattern that needs more than this is a denial of service. */
enum {
	EASY_LIMIT = 200,
	MATCH_LIMIT = 200 * 1000,
	DEPTH_LIMIT = 20 * 1000,
	HEAP_LIMIT_KIB = 4096
};

struct regex {
	struct regex *next;
	const char *text;
	const char *prefix; /* of patterns such as ^x-: no engine needed */
	size_t prefix_length;
	pcre2_code *code;
	bool anchored;
};

/* ^ and plain characters only */
static bool is_prefix(const char *pattern, size_t length)
{
	return length > 1 && pattern[0] == '^' &&
	       strcspn(pattern + 1, "\\^$.|?*+()[]{}") == length - 1;
}

const struct regex *regex_compile(struct arena *arena, struct regex **list,
	const char *pattern, size_t length, const char **why)
{
	const uint32_t options = PCRE2_UTF | PCRE2_NO_UTF_CHECK |
				 PCRE2_DOLLAR_ENDONLY |
				 PCRE2_MATCH_UNSET_BACKREF |
				 PCRE2_NEVER_BACKSLASH_C;
	struct regex *regex = arena_alloc(arena, sizeof(*regex));
	AUTO(text) translated = TEXT_INIT;
	uint32_t effective;
	PCRE2_SIZE offset;
	int error;

	regex->text = arena_strndup(arena, pattern, length);
	if (is_prefix(pattern, length)) {
		regex->prefix = regex->text + 1;
		regex->prefix_length = length - 1;
		return regex;
	}
	if (!ecma_translate(&translated, pattern, length, why))
		return NULL;
	regex->code = pcre2_compile((PCRE2_SPTR)translated.data,
		translated.length, options, &error, &offset, NULL);
	if (!regex->code) {
		char *message = arena_alloc(arena, 160);

		pcre2_get_error_message(error, (PCRE2_UCHAR *)message, 160);
		*why = message;
		return NULL;
	}
	pcre2_pattern_info(regex->code, PCRE2_INFO_ALLOPTIONS, &effective);
	regex->anchored = effective & PCRE2_ANCHORED;
	regex->next = *list;
	*list = regex;
	return regex;
}

static bool is_prefixed(
	const struct regex *regex, const char *bytes, size_t length)
{
	return length >= regex->prefix_length &&
	       !memcmp(bytes, regex->prefix, regex->prefix_length);
}

static int match(const struct regex *regex, const char *bytes, size_t length,
	uint32_t limit)
{
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	pcre2_match_context *context = pcre2_match_context_create(NULL);
	int result;

	if (!data || !context)
		abort();
	pcre2_set_match_limit(context, limit);
	pcre2_set_depth_limit(context, DEPTH_LIMIT);
	pcre2_set_heap_limit(context, HEAP_LIMIT_KIB);
	result = pcre2_match(
		regex->code, (PCRE2_SPTR)bytes, length, 0, 0, data, context);
	pcre2_match_data_free(data);
	pcre2_match_context_free(context);
	return result;
}

/*
 * PCRE2 does not say how hard a match was: limits that grow find out, at a
 * tenth of the cost more. Its limit is for one starting point; a pattern
 * that may begin anywhere can look at the rest of the text from each.
 */
enum regex_answer regex_match(const struct regex *regex, const char *bytes,
	size_t length, uint64_t *budget)
{
	uint64_t cost = regex->anchored ? length : length * length / 64;
	int result = PCRE2_ERROR_MATCHLIMIT;

	if (regex->prefix)
		return is_prefixed(regex, bytes, length) ? REGEX_YES : REGEX_NO;
	for (uint32_t limit = EASY_LIMIT;
		result == PCRE2_ERROR_MATCHLIMIT && limit <= MATCH_LIMIT;
		limit *= 10) {
		cost += limit;
		if (cost > *budget)
			return REGEX_TOO_HARD;
		*budget -= cost;
		cost = 0;
		result = match(regex, bytes, length, limit);
	}
	if (result >= 0)
		return REGEX_YES;
	return result == PCRE2_ERROR_NOMATCH ? REGEX_NO : REGEX_TOO_HARD;
}

const char *regex_text(const struct regex *regex)
{
	return regex->text;
}

void regex_free_all(struct regex *list)
{
	for (const struct regex *regex = list; regex; regex = regex->next)
		pcre2_code_free(regex->code);
}
