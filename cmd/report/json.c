#include "cmd/report/json.h"

#include "cmd/report/render.h"
#include "cmd/report/report.h"

#include <jansson.h>

static json_t *text_or_null(const char *text)
{
	return text ? render_string(text) : json_null();
}

static json_t *range_json(const struct diag *diag)
{
	if (!diag->line)
		return json_null();
	return json_pack("{s:{s:i, s:i}, s:{s:i, s:i}}", "start", "line",
		(int)diag->line, "column", (int)diag->column, "end", "line",
		(int)diag->end_line, "column", (int)diag->end_column);
}

json_t *report_json_finding(const struct diag *diag)
{
	json_t *json = json_object();

	json_object_set_new(
		json, "rule", json_string(rule_rows[diag->rule].id));
	json_object_set_new(
		json, "severity", json_string(severity_name(diag->severity)));
	json_object_set_new(json, "path", text_or_null(diag->path));
	json_object_set_new(json, "range", range_json(diag));
	json_object_set_new(json, "instance", text_or_null(diag->instance));
	json_object_set_new(json, "keyword", text_or_null(diag->keyword));
	json_object_set_new(json, "message", json_string(diag->message));
	json_object_set_new(
		json, "advice", json_string(rule_rows[diag->rule].advice));
	return json;
}

json_t *report_json_value(const struct report *report)
{
	const struct diags *diags = report->diags;
	json_t *json = json_object();
	json_t *findings = json_array();

	for (size_t i = 0; i < diags->count; i++)
		json_array_append_new(
			findings, report_json_finding(&diags->list[i]));
	json_object_set_new(json, "valid", json_boolean(report->valid));
	json_object_set_new(json, "catalog", render_string(report->catalog));
	json_object_set_new(json, "revision", json_string(report->revision));
	json_object_set_new(json, "since", text_or_null(report->since));
	json_object_set_new(
		json, "documents", json_integer((json_int_t)report->documents));
	json_object_set_new(
		json, "errors", json_integer((json_int_t)diags->errors));
	json_object_set_new(
		json, "warnings", json_integer((json_int_t)diags->warnings));
	json_object_set_new(
		json, "notes", json_integer((json_int_t)diags->notes));
	json_object_set_new(json, "findings", findings);
	return json;
}

void report_json(struct text *out, const struct report *report)
{
	render_dump(out, report_json_value(report));
}
