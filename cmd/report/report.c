#include "cmd/report/report.h"

#include "schema/base/utf8.h"

#include <stdlib.h>
#include <string.h>

const struct report_format report_formats[] = {
	{"text", "for people", report_text, false},
	{"json", "for programs", report_json, false},
	{"github", "annotations of a GitHub workflow", report_github, false},
	{"markdown", "a table, for a job's summary", report_markdown, false},
	{"gitlab", "GitLab's code quality report", report_gitlab, false},
	{"sarif", "SARIF 2.1.0, for code scanning", report_sarif, false},
	{"junit", "JUnit XML, a test per document", report_junit, true},
	{"rdjson", "reviewdog's diagnostic format", report_rdjson, false},
};

const size_t report_format_count = COUNT(report_formats);

const struct report_format *report_format_find(const char *name, size_t length)
{
	for (size_t i = 0; i < COUNT(report_formats); i++)
		if (strlen(report_formats[i].name) == length &&
			!strncmp(report_formats[i].name, name, length))
			return &report_formats[i];
	return NULL;
}

bool report_counts(const struct report *report, const struct diag *diag)
{
	return diag->severity == SEVERITY_ERROR ||
	       (report->strict && diag->severity == SEVERITY_WARNING);
}

void report_line(struct text *out, const struct diag *diag)
{
	if (diag->path) {
		text_append_visible(out, diag->path, strlen(diag->path));
		if (diag->line)
			text_format(out, ":%u:%u", diag->line, diag->column);
		text_append(out, ": ");
	}
	text_format(out, "%s: %s [%s]", severity_name(diag->severity),
		diag->message, rule_rows[diag->rule].id);
}

json_t *report_string(const char *string)
{
	AUTO(text) visible = TEXT_INIT;
	size_t length = strlen(string);

	if (utf8_valid_prefix(string, length) == length)
		return json_stringn_nocheck(string, length);
	text_append_visible(&visible, string, length);
	return json_stringn_nocheck(visible.data, visible.length);
}

void report_dump(struct text *out, json_t *json)
{
	AUTO_FREE char *dump = json_dumps(json, JSON_INDENT(2));

	json_decref(json);
	text_append_json_visible(out, dump ? dump : "null");
	text_append_char(out, '\n');
}
