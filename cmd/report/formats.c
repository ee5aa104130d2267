#include "cmd/report/formats.h"

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
