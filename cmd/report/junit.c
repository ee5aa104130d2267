/*
 * JUnit's XML as CI servers read it: a suite and a test for every document, and
 * one more for what is said of none. All that makes a document fail stands in
 * one <failure>, because most readers show no second one; the rest is in
 * <system-out>.
 */
#include "cmd/report/render.h"
#include "cmd/report/report.h"

#include <string.h>

/* Text and attribute values; what XML 1.0 forbids was made visible before. */
static void append_xml(struct text *out, const char *string)
{
	AUTO(text) visible = TEXT_INIT;

	text_append_visible(&visible, string, strlen(string));
	for (const char *at = visible.data; *at; at++)
		switch (*at) {
		case '&':
			text_append(out, "&amp;");
			break;
		case '<':
			text_append(out, "&lt;");
			break;
		case '>':
			text_append(out, "&gt;");
			break;
		case '"':
			text_append(out, "&quot;");
			break;
		default:
			text_append_char(out, *at);
		}
}

static void append_attribute(
	struct text *out, const char *name, const char *value)
{
	text_format(out, " %s=\"", name);
	append_xml(out, value);
	text_append_char(out, '"');
}

static void append_line(struct text *out, const struct diag *diag)
{
	AUTO(text) line = TEXT_INIT;

	render_line(&line, diag);
	append_xml(out, line.data);
	text_append_char(out, '\n');
}

/* The findings of one document: `count` of them from `list` on. */
struct group {
	const char *path; /* NULL: of no document */
	const struct diag *list;
	size_t count;
};

static size_t failures(const struct report *report, const struct group *group)
{
	size_t count = 0;

	for (size_t i = 0; i < group->count; i++)
		count += report_counts(report, &group->list[i]);
	return count;
}

static void append_failure(struct text *out, const struct report *report,
	const struct group *group, size_t count)
{
	const struct diag *first = group->list;
	AUTO(text) words = TEXT_INIT;

	while (!report_counts(report, first))
		first++;
	text_append(&words, first->message);
	if (count > 1)
		text_format(&words, " (and %zu more)", count - 1);
	text_append(out, "      <failure");
	append_attribute(out, "message", words.data);
	append_attribute(out, "type", rule_rows[first->rule].id);
	text_append_char(out, '>');
	for (size_t i = 0; i < group->count; i++)
		if (report_counts(report, &group->list[i]))
			append_line(out, &group->list[i]);
	text_append(out, "</failure>\n");
}

static void append_rest(struct text *out, const struct report *report,
	const struct group *group)
{
	text_append(out, "      <system-out>");
	for (size_t i = 0; i < group->count; i++)
		if (!report_counts(report, &group->list[i]))
			append_line(out, &group->list[i]);
	text_append(out, "</system-out>\n");
}

static void append_group(struct text *out, const struct report *report,
	const struct group *group)
{
	const char *name = group->path ? group->path : "(catalog)";
	size_t failed = failures(report, group);

	text_append(out, "  <testsuite");
	append_attribute(out, "name", name);
	text_format(out, " tests=\"1\" failures=\"%d\" errors=\"0\">\n",
		failed > 0);
	text_append(out, "    <testcase");
	append_attribute(out, "name", name);
	append_attribute(out, "classname", "bridge-catalog");
	if (group->path)
		append_attribute(out, "file", group->path);
	text_append(out, group->count ? ">\n" : "/>\n");
	if (failed)
		append_failure(out, report, group, failed);
	if (group->count > failed)
		append_rest(out, report, group);
	if (group->count)
		text_append(out, "    </testcase>\n");
	text_append(out, "  </testsuite>\n");
}

/* Findings from `*at` on that are about the same document. */
static struct group next_group(const struct diags *diags, size_t *at)
{
	const struct diag *first = &diags->list[*at];
	struct group group = {.path = first->path, .list = first};

	for (; *at < diags->count; ++*at, group.count++) {
		const char *path = diags->list[*at].path;

		if (!path != !group.path || (path && strcmp(path, group.path)))
			break;
	}
	return group;
}

/* Both lists are sorted: walk them side by side. */
void report_junit(struct text *out, const struct report *report)
{
	AUTO(text) suites = TEXT_INIT;
	size_t tests = 0;
	size_t failed = 0;
	size_t at = 0;
	size_t path = 0;

	while (at < report->diags->count || path < report->path_count) {
		struct group group = {.path = NULL};
		const char *found = NULL;
		int order = -1;

		if (at < report->diags->count) {
			found = report->diags->list[at].path;
			order = path == report->path_count ? 1
				: !found                   ? 1
					 : strcmp(report->paths[path], found);
		}
		if (order < 0)
			group.path = report->paths[path];
		else
			group = next_group(report->diags, &at);
		path += order <= 0;
		append_group(&suites, report, &group);
		failed += failures(report, &group) > 0;
		tests++;
	}
	text_append(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	text_format(out,
		"<testsuites name=\"bridge-catalog\" tests=\"%zu\" "
		"failures=\"%zu\" errors=\"0\">\n",
		tests, failed);
	text_append_bytes(out, suites.data, suites.length);
	text_append(out, "</testsuites>\n");
}
