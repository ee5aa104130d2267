#include "cmd/changes.h"

#include "cmd/output.h"

#include <stdio.h>
#include <string.h>

void changes_print_text(const char *text)
{
	AUTO(text) visible = TEXT_INIT;

	text_append_visible(&visible, text, strlen(text));
	fputs(visible.data, stdout);
}

static void print_field(const json_t *field)
{
	static const char *const sides[] = {"old", "new"};

	fputs("    ", stdout);
	changes_print_text(json_string_value(json_object_get(field, "field")));
	for (size_t i = 0; i < COUNT(sides); i++) {
		const json_t *value = json_object_get(field, sides[i]);
		AUTO(text) shown = TEXT_INIT;

		fputs(i ? " -> " : ": ", stdout);
		output_value(&shown, value);
		changes_print_text(json_is_null(value) ? "(none)" : shown.data);
	}
	putchar('\n');
}

void changes_print_fields(const json_t *fields)
{
	size_t i;
	json_t *field;

	json_array_foreach(fields, i, field) print_field(field);
}
