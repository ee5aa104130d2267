#define PCRE2_CODE_UNIT_WIDTH 8

#include "schema/jsonschema/compiled.h"

#include "schema/text.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A pattern that needs more than this is a denial of service. */
enum { MATCH_LIMIT = 200 * 1000, DEPTH_LIMIT = 2000, HEAP_LIMIT_KIB = 4096 };

struct regex {
	struct regex *next;
	const char *text;
	const char *prefix; /* of patterns such as ^x-: no engine needed */
	size_t prefix_length;
	pcre2_code *code;
};

/* ^ and plain characters only */
static bool is_prefix(const char *pattern, size_t length)
{
	return length > 1 && pattern[0] == '^' &&
	       strcspn(pattern + 1, "\\^$.|?*+()[]{}") == length - 1;
}

/*
 * General categories by the long names that ECMA-262 allows in \p{...}; PCRE2
 * knows the short ones. Unicode Standard Annex 44, table 12.
 */
static const char *const categories[][2] = {
	{"Letter", "L"},
	{"Uppercase_Letter", "Lu"},
	{"Lowercase_Letter", "Ll"},
	{"Titlecase_Letter", "Lt"},
	{"Cased_Letter", "L&"},
	{"Modifier_Letter", "Lm"},
	{"Other_Letter", "Lo"},
	{"Mark", "M"},
	{"Nonspacing_Mark", "Mn"},
	{"Spacing_Mark", "Mc"},
	{"Enclosing_Mark", "Me"},
	{"Number", "N"},
	{"Decimal_Number", "Nd"},
	{"digit", "Nd"},
	{"Letter_Number", "Nl"},
	{"Other_Number", "No"},
	{"Punctuation", "P"},
	{"punct", "P"},
	{"Symbol", "S"},
	{"Math_Symbol", "Sm"},
	{"Currency_Symbol", "Sc"},
	{"Separator", "Z"},
	{"Space_Separator", "Zs"},
	{"Other", "C"},
	{"Control", "Cc"},
	{"cntrl", "Cc"},
};

/* The short name of what begins behind "\p{", or NULL. */
static const char *short_category(const char *name, size_t length)
{
	for (size_t i = 0; i < COUNT(categories); i++)
		if (strlen(categories[i][0]) == length &&
			!memcmp(categories[i][0], name, length))
			return categories[i][1];
	return NULL;
}

/* ECMA-262 to PCRE2, where they differ in writing alone. */
static void translate(struct text *out, const char *pattern, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		const char *rest = pattern + i;
		const char *end;
		const char *name;

		text_append_char(out, *rest);
		if (*rest != '\\' || i + 1 >= length)
			continue;
		text_append_char(out, pattern[++i]);
		if ((rest[1] != 'p' && rest[1] != 'P') || rest[2] != '{')
			continue;
		end = memchr(rest, '}', length - (i - 1));
		name = end ? short_category(rest + 3, (size_t)(end - rest - 3))
			   : NULL;
		if (!name)
			continue;
		text_format(out, "{%s}", name);
		i += (size_t)(end - rest) - 1;
	}
}

const struct regex *regex_compile(struct jsonschema_set *set,
	const char *pattern, size_t length, const char **why)
{
	const uint32_t options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY |
				 PCRE2_ALT_BSUX | PCRE2_MATCH_UNSET_BACKREF |
				 PCRE2_ALLOW_EMPTY_CLASS |
				 PCRE2_NEVER_BACKSLASH_C;
	struct regex *regex = arena_alloc(&set->arena, sizeof(*regex));
	AUTO(text) translated = TEXT_INIT;
	PCRE2_SIZE offset;
	int error;

	regex->text = arena_strndup(&set->arena, pattern, length);
	if (is_prefix(pattern, length)) {
		regex->prefix = regex->text + 1;
		regex->prefix_length = length - 1;
		return regex;
	}
	translate(&translated, pattern, length);
	regex->code = pcre2_compile((PCRE2_SPTR)translated.data,
		translated.length, options, &error, &offset, NULL);
	if (!regex->code) {
		char *message = arena_alloc(&set->arena, 160);

		pcre2_get_error_message(error, (PCRE2_UCHAR *)message, 160);
		*why = message;
		return NULL;
	}
	regex->next = set->regexes;
	set->regexes = regex;
	return regex;
}

enum regex_answer regex_match(
	const struct regex *regex, const char *bytes, size_t length)
{
	pcre2_match_data *data;
	pcre2_match_context *context;
	int result;

	if (regex->prefix)
		return length >= regex->prefix_length &&
				       !memcmp(bytes, regex->prefix,
					       regex->prefix_length)
			       ? REGEX_YES
			       : REGEX_NO;
	data = pcre2_match_data_create(1, NULL);
	context = pcre2_match_context_create(NULL);
	if (!data || !context)
		abort();
	pcre2_set_match_limit(context, MATCH_LIMIT);
	pcre2_set_depth_limit(context, DEPTH_LIMIT);
	pcre2_set_heap_limit(context, HEAP_LIMIT_KIB);
	result = pcre2_match(
		regex->code, (PCRE2_SPTR)bytes, length, 0, 0, data, context);
	pcre2_match_data_free(data);
	pcre2_match_context_free(context);
	if (result >= 0)
		return REGEX_YES;
	return result == PCRE2_ERROR_NOMATCH ? REGEX_NO : REGEX_TOO_HARD;
}

const char *regex_text(const struct regex *regex)
{
	return regex->text;
}

void regex_free_all(void *list)
{
	for (struct regex *regex = list; regex; regex = regex->next)
		pcre2_code_free(regex->code);
}
