#include "cmd/catalog/changes.h"

#include "cmd/report/json.h"
#include "cmd/report/render.h"
#include "cmd/ui/change.h"

#include <stdio.h>
#include <string.h>

void changes_print_text(const char *text)
{
	AUTO(text) visible = TEXT_INIT;

	text_append_visible(&visible, text, strlen(text));
	fputs(visible.data, stdout);
}

void changes_print_fields(const json_t *fields)
{
	size_t i;
	json_t *field;

	json_array_foreach(fields, i, field)
	{
		AUTO(text) line = TEXT_INIT;

		change_append(&line, field, 0);
		fputs("    ", stdout);
		changes_print_text(line.data);
		putchar('\n');
	}
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
