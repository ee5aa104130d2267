#include "catalog/document/json_source.h"

#include "schema/base/text.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

bool json_source_is_json(const struct source *source)
{
	size_t length = strlen(source->path);

	return length > 5 && !strcmp(source->path + length - 5, ".json");
}

static bool check_json(const struct source *source, struct diags *diags)
{
	json_error_t error;
	json_auto_t *json = json_loadb(source->bytes, source->length,
		JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
	struct origin at = {.source = source};

	if (json)
		return true;
	at.line = at.end_line = error.line > 0 ? (uint32_t)error.line : 1;
	at.column = error.column > 0 ? (uint32_t)error.column : 1;
	at.end_column = at.column + 1;
	return diag_error(diags, &at, RULE_YAML_SYNTAX,
		"this is no JSON: %s; name it .yaml if it is meant as YAML",
		error.text);
}

/* The code unit of "\uXXXX", or 0: a lone NUL is no surrogate either. */
static uint32_t code_unit(const char *at, const char *end)
{
	char digits[5];

	if (end - at < 6 || at[0] != '\\' || at[1] != 'u')
		return 0;
	memcpy(digits, at + 2, 4);
	digits[4] = '\0';
	for (int i = 0; i < 4; i++)
		if (!isxdigit((unsigned char)digits[i]))
			return 0;
	return (uint32_t)strtoul(digits, NULL, 16);
}

/* Outside of strings there is no backslash. */
static void join_surrogates(struct text *out, const char *at, const char *end)
{
	while (at < end) {
		const char *escape = memchr(at, '\\', (size_t)(end - at));
		uint32_t high;
		uint32_t low;

		if (!escape || end - escape < 2)
			break;
		text_append_bytes(out, at, (size_t)(escape - at));
		high = code_unit(escape, end);
		low = high >= 0xd800 && high < 0xdc00
			      ? code_unit(escape + 6, end)
			      : 0;
		if (low >= 0xdc00 && low < 0xe000) {
			text_format(out, "\\U%08x",
				0x10000 + ((high - 0xd800) << 10) +
					(low - 0xdc00));
			at = escape + 12;
			continue;
		}
		/* The next one, too, so that "\\u" is no escape. */
		text_append_bytes(out, escape, 2);
		at = escape + 2;
	}
	text_append_bytes(out, at, (size_t)(end - at));
}

const struct source *json_source_make(
	struct arena *arena, const struct source *source, struct diags *diags)
{
	struct source *made;
	AUTO(text) text = TEXT_INIT;

	if (!check_json(source, diags))
		return NULL;
	join_surrogates(&text, source->bytes, source->bytes + source->length);
	made = arena_alloc(arena, sizeof(*made));
	*made = *source;
	made->bytes = arena_strndup(arena, text.data, text.length);
	made->length = text.length;
	return made;
}
