/*
 * GitLab's code quality report. A finding needs a path: one about no document
 * stands at the catalog's root.
 */
#include "cmd/report/fingerprint.h"
#include "cmd/report/render.h"
#include "cmd/report/report.h"

static const char *const severities[] = {
	[SEVERITY_NOTE] = "info",
	[SEVERITY_WARNING] = "minor",
	[SEVERITY_ERROR] = "major",
};

static json_t *finding(
	const struct diag *diag, const struct fingerprint *fingerprint)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:{s:o, s:{s:i}}}",
		"description", diag->message, "check_name",
		rule_rows[diag->rule].id, "fingerprint", fingerprint->hex,
		"severity", severities[diag->severity], "location", "path",
		render_string(diag->path ? diag->path : "."), "lines", "begin",
		diag->line ? (int)diag->line : 1);
}

void report_gitlab(struct text *out, const struct report *report)
{
	const struct diags *diags = report->diags;
	AUTO_FREE struct fingerprint *prints = fingerprints(diags);
	json_t *list = json_array();

	for (size_t i = 0; i < diags->count; i++)
		json_array_append_new(
			list, finding(&diags->list[i], &prints[i]));
	render_dump(out, list);
}
