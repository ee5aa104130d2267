/*
 * GitHub-flavoured Markdown: one table. GitHub takes 1 MiB of it from a step,
 * so the table ends before that and says how many findings it leaves out.
 */
#include "cmd/report/report.h"

#include <string.h>

enum { MAX_BYTES = 900 * 1024 };

/*
 * All that Markdown or HTML could read as anything but text becomes an entity:
 * no link, no image, no mention, no new cell.
 */
static void append_cell(struct text *out, const char *string)
{
	AUTO(text) visible = TEXT_INIT;

	text_append_visible(&visible, string, strlen(string));
	for (const char *at = visible.data; *at; at++)
		if (strchr("&<>|`*_[]()!#@~\\:\"'$", *at))
			text_format(out, "&#%d;", *at);
		else
			text_append_char(out, *at);
}

static void append_row(struct text *out, const struct diag *diag)
{
	text_format(out, "| %s | ", severity_name(diag->severity));
	if (diag->path)
		append_cell(out, diag->path);
	if (diag->path && diag->line)
		text_format(out, "&#58;%u&#58;%u", diag->line, diag->column);
	text_append(out, " | ");
	append_cell(out, diag->message);
	text_format(out, " | %s |\n", rule_rows[diag->rule].id);
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

void report_markdown(struct text *out, const struct report *report)
{
	const struct diags *diags = report->diags;
	size_t i;

	text_format(out, "### OpsCatalog: %s\n\n",
		report->valid ? "valid" : "invalid");
	text_format(out,
		"%zu document%s at %s: %zu error%s, %zu warning%s, "
		"%zu note%s.\n",
		report->documents, plural(report->documents), report->revision,
		diags->errors, plural(diags->errors), diags->warnings,
		plural(diags->warnings), diags->notes, plural(diags->notes));
	if (!diags->count)
		return;
	text_append(out, "\n| Severity | Place | Message | Rule |\n"
			 "| --- | --- | --- | --- |\n");
	for (i = 0; i < diags->count && out->length < MAX_BYTES; i++)
		append_row(out, &diags->list[i]);
	if (i < diags->count)
		text_format(out, "\n%zu more are not shown here.\n",
			diags->count - i);
}
