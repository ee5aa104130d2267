/*
 * The Reviewdog Diagnostic Format. Its columns count bytes of UTF-8 from 1.
 */
#include "cmd/report/render.h"
#include "cmd/report/report.h"

static const char *const severities[] = {
	[SEVERITY_NOTE] = "INFO",
	[SEVERITY_WARNING] = "WARNING",
	[SEVERITY_ERROR] = "ERROR",
};

static json_t *location(const struct diag *diag)
{
	json_t *json = json_pack("{s:o}", "path", render_string(diag->path));

	if (diag->line)
		json_object_set_new(json, "range",
			json_pack("{s:{s:i, s:i}, s:{s:i, s:i}}", "start",
				"line", (int)diag->line, "column",
				(int)diag->byte, "end", "line",
				(int)diag->end_line, "column",
				(int)diag->end_byte));
	return json;
}

static json_t *finding(const struct diag *diag)
{
	json_t *json = json_pack("{s:s}", "message", diag->message);

	if (diag->path)
		json_object_set_new(json, "location", location(diag));
	json_object_set_new(
		json, "severity", json_string(severities[diag->severity]));
	json_object_set_new(json, "code",
		json_pack("{s:s}", "value", rule_rows[diag->rule].id));
	return json;
}

void report_rdjson(struct text *out, const struct report *report)
{
	const struct diags *diags = report->diags;
	json_t *list = json_array();

	for (size_t i = 0; i < diags->count; i++)
		json_array_append_new(list, finding(&diags->list[i]));
	render_dump(out, json_pack("{s:{s:s}, s:s, s:o}", "source", "name",
				 "bridge-catalog", "severity",
				 diags->errors     ? "ERROR"
				 : diags->warnings ? "WARNING"
						   : "INFO",
				 "diagnostics", list));
}
