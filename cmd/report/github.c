/*
 * Workflow commands: a line each, which the runner turns into an annotation of
 * the file. It shows about ten of each severity in a step, so validate also
 * appends the whole list to $GITHUB_STEP_SUMMARY.
 */
#include "cmd/report/report.h"
#include "cmd/report/text.h"

#include <string.h>

static const char *const commands[] = {
	[SEVERITY_NOTE] = "notice",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_ERROR] = "error",
};

/*
 * What the runner decodes: %, and in a property also : and , (CR and LF as
 * well, but those are visible before, like all that a log may not show).
 */
static void append_escaped(struct text *out, const char *text, bool property)
{
	AUTO(text) visible = TEXT_INIT;

	text_append_visible(&visible, text, strlen(text));
	for (const char *at = visible.data; *at; at++)
		if (*at == '%' || (property && (*at == ':' || *at == ',')))
			text_format(out, "%%%02X", (unsigned char)*at);
		else
			text_append_char(out, *at);
}

static void append_place(struct text *out, const struct diag *diag)
{
	text_append(out, "file=");
	append_escaped(out, diag->path, true);
	text_append_char(out, ',');
	if (!diag->line)
		return;
	text_format(out, "line=%u,endLine=%u,", diag->line, diag->end_line);
	/* Columns of a range over several lines are refused. */
	if (diag->line == diag->end_line)
		text_format(out, "col=%u,endColumn=%u,", diag->column,
			diag->end_column);
}

static void append_finding(struct text *out, const struct diag *diag)
{
	text_format(out, "::%s ", commands[diag->severity]);
	if (diag->path)
		append_place(out, diag);
	text_append(out, "title=");
	append_escaped(out, rule_rows[diag->rule].id, true);
	text_append(out, "::");
	append_escaped(out, diag->message, false);
	text_append_char(out, '\n');
}

void report_github(struct text *out, const struct report *report)
{
	const struct diags *diags = report->diags;

	for (size_t i = 0; i < diags->count; i++)
		if (report->notes || diags->list[i].severity != SEVERITY_NOTE)
			append_finding(out, &diags->list[i]);
	if (!report->quiet)
		report_text_summary(out, report);
}
