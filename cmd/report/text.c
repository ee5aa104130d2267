#include "cmd/report/text.h"

#include "cmd/report/report.h"
#include "cmd/ui/output.h"
#include "schema/base/utf8.h"

#include <string.h>

static enum paint severity_paint(enum severity severity)
{
	if (severity == SEVERITY_ERROR)
		return PAINT_BAD;
	return severity == SEVERITY_WARNING ? PAINT_WARN : PAINT_DIM;
}

/* Screen columns of the first `points` characters once made visible. */
static size_t visible_width(const char *line, uint32_t points)
{
	size_t length = strlen(line);
	size_t at = 0;
	AUTO(text) visible = TEXT_INIT;

	for (; points && at < length; points--) {
		uint32_t point;
		size_t size = utf8_decode(&point, line + at, length - at);

		at += size ? size : 1;
	}
	text_append_visible(&visible, line, at);
	return utf8_width(visible.data, visible.length);
}

/* The same up to a column of the line that the excerpt is of. */
static size_t width_before(const struct diag *diag, uint32_t column)
{
	return column <= diag->excerpt_column
		       ? 0
		       : visible_width(
				 diag->excerpt, column - diag->excerpt_column);
}

/* The source line, and below it what the message is about. */
static void append_excerpt(struct text *out, const struct diag *diag)
{
	static const char cut[] = "...";
	AUTO(text) margin = TEXT_INIT;
	size_t start;
	size_t end;

	if (!diag->excerpt || !diag->line || !diag->column)
		return;
	start = width_before(diag, diag->column);
	end = width_before(diag,
		diag->end_line == diag->line ? diag->end_column : UINT32_MAX);
	text_format(&margin, "%5u | %s", diag->line,
		diag->excerpt_column > 1 ? cut : "");
	text_append(out, margin.data);
	text_append_visible(out, diag->excerpt, strlen(diag->excerpt));
	text_format(out, "%s\n%*s%s", diag->excerpt_is_cut ? cut : "",
		(int)(margin.length + start), "",
		output_paint(stdout, severity_paint(diag->severity)));
	text_append_char(out, '^');
	for (size_t i = start + 1; i < end; i++)
		text_append_char(out, '~');
	text_format(out, "%s\n", output_plain(stdout));
}

static void append_diag(
	struct text *out, const struct diag *diag, bool terminal)
{
	/* "::name" at a line's start is a command to a CI runner. */
	if (diag->path && *diag->path == ':')
		text_append(out, "./");
	if (diag->path) {
		text_append_visible(out, diag->path, strlen(diag->path));
		if (diag->line)
			text_format(out, ":%u:%u", diag->line, diag->column);
		text_append(out, ": ");
	}
	if (terminal)
		text_append(out,
			output_paint(stdout, severity_paint(diag->severity)));
	text_format(out, "%s:%s %s [%s]\n", severity_name(diag->severity),
		terminal ? output_plain(stdout) : "", diag->message,
		rule_rows[diag->rule].id);
	if (terminal)
		append_excerpt(out, diag);
}

static void append_count(
	struct text *out, size_t count, const char *what, const char *before)
{
	text_format(
		out, "%s%zu %s%s", before, count, what, count == 1 ? "" : "s");
}

void report_text(struct text *out, const struct report *report)
{
	const struct diags *diags = report->diags;

	for (size_t i = 0; i < diags->count; i++)
		if (report->notes || diags->list[i].severity != SEVERITY_NOTE)
			append_diag(out, &diags->list[i], report->for_terminal);
	if (!report->quiet)
		report_text_summary(out, report);
}

/* Of an id the beginning is enough. */
static void append_revision(struct text *out, const char *revision)
{
	size_t length = strlen(revision);
	bool is_id = length == 40 &&
		     strspn(revision, "0123456789abcdef") == length;

	text_append_visible(out, revision, is_id ? 12 : length);
}

void report_text_summary(struct text *out, const struct report *report)
{
	const struct diags *diags = report->diags;

	text_append(out, report->valid ? "valid" : "invalid");
	append_count(out, report->documents, "document", ": ");
	append_count(out, diags->errors, "error", ", ");
	append_count(out, diags->warnings, "warning", ", ");
	append_count(out, diags->notes, "note", ", ");
	text_append(out, " (");
	text_append_visible(out, report->catalog, strlen(report->catalog));
	text_append(out, " at ");
	append_revision(out, report->revision);
	if (report->since) {
		text_append(out, ", since ");
		append_revision(out, report->since);
	}
	text_append(out, ")\n");
}
