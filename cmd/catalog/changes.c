#include "cmd/catalog/changes.h"

#include "cmd/report/json.h"
#include "cmd/report/render.h"
#include "cmd/ui/output.h"
#include "schema/base/json_line.h"

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
	changes_print_text(json_text(field, "field"));
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

void changes_print_unreadable(const struct diags *why)
{
	for (size_t i = 0; i < why->count; i++) {
		const struct diag *diag = &why->list[i];
		AUTO(text) line = TEXT_INIT;

		if (diag->severity != SEVERITY_ERROR)
			continue;
		render_line(&line, diag);
		printf("    cannot be read at %.12s: ", diag->revision);
		changes_print_text(line.data);
		putchar('\n');
	}
}

json_t *changes_unreadable_json(const struct diags *why)
{
	json_t *list = json_array();

	for (size_t i = 0; i < why->count; i++) {
		const struct diag *diag = &why->list[i];
		json_t *json;

		if (diag->severity != SEVERITY_ERROR)
			continue;
		json = report_json_finding(diag);
		json_object_set_new(
			json, "revision", json_string(diag->revision));
		json_array_append_new(list, json);
	}
	return list;
}
