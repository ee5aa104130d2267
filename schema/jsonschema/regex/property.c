#define PCRE2_CODE_UNIT_WIDTH 8

#include "schema/jsonschema/regex/property.h"

#include <pcre2.h>
#include <string.h>

/*
 * General categories by the names that ECMA-262 allows in \p{...}; PCRE2
 * knows the short ones. Unicode Standard Annex 44, table 12.
 */
static const char *const categories[][2] = {
	{"Cased_Letter", "LC"},
	{"Close_Punctuation", "Pe"},
	{"Combining_Mark", "M"},
	{"Connector_Punctuation", "Pc"},
	{"Control", "Cc"},
	{"Currency_Symbol", "Sc"},
	{"Dash_Punctuation", "Pd"},
	{"Decimal_Number", "Nd"},
	{"Enclosing_Mark", "Me"},
	{"Final_Punctuation", "Pf"},
	{"Format", "Cf"},
	{"Initial_Punctuation", "Pi"},
	{"Letter", "L"},
	{"Letter_Number", "Nl"},
	{"Line_Separator", "Zl"},
	{"Lowercase_Letter", "Ll"},
	{"Mark", "M"},
	{"Math_Symbol", "Sm"},
	{"Modifier_Letter", "Lm"},
	{"Modifier_Symbol", "Sk"},
	{"Nonspacing_Mark", "Mn"},
	{"Number", "N"},
	{"Open_Punctuation", "Ps"},
	{"Other", "C"},
	{"Other_Letter", "Lo"},
	{"Other_Number", "No"},
	{"Other_Punctuation", "Po"},
	{"Other_Symbol", "So"},
	{"Paragraph_Separator", "Zp"},
	{"Private_Use", "Co"},
	{"Punctuation", "P"},
	{"Separator", "Z"},
	{"Space_Separator", "Zs"},
	{"Spacing_Mark", "Mc"},
	{"Surrogate", "Cs"},
	{"Symbol", "S"},
	{"Titlecase_Letter", "Lt"},
	{"Unassigned", "Cn"},
	{"Uppercase_Letter", "Lu"},
	{"cntrl", "Cc"},
	{"digit", "Nd"},
	{"punct", "P"},
};

/* The prefixes of \p{name=value}. PCRE2's own are behind them. */
static const struct {
	const char *name;
	const char *ours; /* NULL: a general category */
} kinds[] = {
	{"General_Category=", NULL},
	{"gc=", NULL},
	{"Script=", "sc:"},
	{"sc=", "sc:"},
	{"Script_Extensions=", "scx:"},
	{"scx=", "scx:"},
};

static bool is_name(const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx"
			    "yz0123456789_",
			    name[i]) ||
			!name[i])
			return false;
	return length > 0 && length < 60;
}

static bool category(struct text *out, const char *name, size_t length)
{
	for (size_t i = 0; i < COUNT(categories); i++) {
		const char *full = categories[i][0];
		const char *brief = categories[i][1];

		if ((strlen(full) == length && !memcmp(full, name, length)) ||
			(strlen(brief) == length &&
				!memcmp(brief, name, length))) {
			/* "L&" is how PCRE2 10.32 to 10.42 spell LC. */
			text_append(out, strcmp(brief, "LC") ? brief : "L&");
			return true;
		}
	}
	return false;
}

static bool pcre2_knows(const char *kind, const char *name, size_t length)
{
	AUTO(text) pattern = TEXT_INIT;
	PCRE2_SIZE offset;
	pcre2_code *code;
	int error;

	text_format(&pattern, "\\p{%s%.*s}", kind, (int)length, name);
	code = pcre2_compile((PCRE2_SPTR)pattern.data, pattern.length,
		PCRE2_UTF, &error, &offset, NULL);
	pcre2_code_free(code);
	return code != NULL;
}

/* PCRE2 takes any case, and its own classes (Xan) beside Unicode's. */
static bool is_binary(const char *name, size_t length)
{
	if (name[0] < 'A' || name[0] > 'Z' ||
		(name[0] == 'X' && strncmp(name, "XID", 3) != 0))
		return false;
	return pcre2_knows("", name, length) &&
	       !pcre2_knows("sc:", name, length);
}

bool property_translate(struct text *out, const char *name, size_t length)
{
	for (size_t i = 0; i < COUNT(kinds); i++) {
		size_t prefix = strlen(kinds[i].name);

		if (length <= prefix || memcmp(name, kinds[i].name, prefix))
			continue;
		name += prefix;
		length -= prefix;
		if (!kinds[i].ours)
			return category(out, name, length);
		if (!is_name(name, length) || name[0] < 'A' || name[0] > 'Z' ||
			!pcre2_knows(kinds[i].ours, name, length))
			return false;
		text_format(out, "%s%.*s", kinds[i].ours, (int)length, name);
		return true;
	}
	if (category(out, name, length))
		return true;
	if (!is_name(name, length) || !is_binary(name, length))
		return false;
	text_format(out, "%.*s", (int)length, name);
	return true;
}
