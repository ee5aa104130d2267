#include "cmd/report/destination.h"

#include "cmd/ui/output.h"
#include "cmd/ui/write_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool unknown_format(const char *name, size_t length)
{
	AUTO(text) known = TEXT_INIT;

	for (size_t i = 0; i < report_format_count; i++)
		text_format(
			&known, "%s%s", i ? ", " : "", report_formats[i].name);
	output_error("unknown format '%.*s'; there are %s", (int)length, name,
		known.data);
	return false;
}

static bool add(struct outlets *outlets, const char *word, const char *output)
{
	size_t length = strcspn(word, "=");
	struct outlet outlet = {
		.format = report_format_find(word, length), .file = output};

	if (!outlet.format)
		return unknown_format(word, length);
	if (word[length]) {
		outlet.file = word + length + 1;
		if (!*outlet.file) {
			output_error(
				"--format %s wants a file behind it", word);
			return false;
		}
	}
	for (size_t i = 0; i < outlets->count; i++) {
		const char *other = outlets->list[i].file;

		if (!other != !outlet.file ||
			(other && !write_file_is_same(other, outlet.file)))
			continue;
		output_error("%s and %s both go to %s; write one with "
			     "--format %s=FILE",
			outlets->list[i].format->name, outlet.format->name,
			other ? other : "standard output", outlet.format->name);
		return false;
	}
	outlets->list[outlets->count++] = outlet;
	return true;
}

static const char *fallback(void)
{
	const char *actions = getenv("GITHUB_ACTIONS");

	return actions && !strcmp(actions, "true") ? "github" : "text";
}

bool outlets_read(struct outlets *outlets, const struct options *options)
{
	*outlets = (struct outlets){.count = 0};
	for (size_t i = 0; i < options->formats.count; i++)
		if (!add(outlets, options->formats.list[i], options->output))
			return false;
	if (options->json && !add(outlets, "json", options->output))
		return false;
	return outlets->count || add(outlets, fallback(), options->output);
}

bool outlets_need_paths(const struct outlets *outlets)
{
	for (size_t i = 0; i < outlets->count; i++)
		if (outlets->list[i].format->paths)
			return true;
	return false;
}

/* The runner gathers what all steps write into one file. */
static bool append(
	const char *file, const struct text *out, struct diags *diags)
{
	FILE *stream = fopen(file, "ae");
	bool fine = stream &&
		    fwrite(out->data, 1, out->length, stream) == out->length;

	if (stream && fclose(stream))
		fine = false;
	if (!fine)
		diag_errno(
			diags, NULL, RULE_IO_WRITE, "cannot write '%s'", file);
	return fine;
}

/* A step's summary is a courtesy: it cannot make the run fail. */
static void write_job_summary(const struct report *report)
{
	const char *file = getenv("GITHUB_STEP_SUMMARY");
	AUTO(text) out = TEXT_INIT;
	AUTO(diags) diags = DIAGS_INIT;

	if (!file || !*file)
		return;
	report_markdown(&out, report);
	if (!append(file, &out, &diags))
		output_note("%s", diags.list[0].message);
}

bool outlets_write(const struct outlets *outlets, struct report *report,
	struct diags *diags)
{
	bool good = true;

	for (size_t i = 0; i < outlets->count; i++) {
		const struct outlet *outlet = &outlets->list[i];
		AUTO(text) out = TEXT_INIT;

		report->for_terminal = !outlet->file && isatty(STDOUT_FILENO);
		outlet->format->write(&out, report);
		good = write_file(outlet->file, &out, diags) && good;
		if (outlet->format->write == report_github)
			write_job_summary(report);
	}
	return good;
}
