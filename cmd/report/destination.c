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

static bool add_destination(
	struct destinations *destinations, const char *word, const char *output)
{
	size_t length = strcspn(word, "=");
	struct destination destination = {
		.format = report_format_find(word, length), .file = output};

	if (!destination.format)
		return unknown_format(word, length);
	if (word[length]) {
		destination.file = word + length + 1;
		if (!*destination.file) {
			output_error(
				"--format %s wants a file behind it", word);
			return false;
		}
	}
	for (size_t i = 0; i < destinations->count; i++) {
		const char *other = destinations->list[i].file;

		if (!other != !destination.file ||
			(other && !write_file_is_same(other, destination.file)))
			continue;
		output_error("%s and %s both go to %s; write one with "
			     "--format %s=FILE",
			destinations->list[i].format->name,
			destination.format->name,
			other ? other : "standard output",
			destination.format->name);
		return false;
	}
	destinations->list[destinations->count++] = destination;
	return true;
}

static const char *default_format(void)
{
	const char *actions = getenv("GITHUB_ACTIONS");

	return actions && !strcmp(actions, "true") ? "github" : "text";
}

bool destinations_read(
	struct destinations *destinations, const struct options *options)
{
	*destinations = (struct destinations){.count = 0};
	for (size_t i = 0; i < options->formats.count; i++)
		if (!add_destination(destinations, options->formats.list[i],
			    options->output))
			return false;
	if (options->json &&
		!add_destination(destinations, "json", options->output))
		return false;
	return destinations->count ||
	       add_destination(destinations, default_format(), options->output);
}

bool destinations_need_paths(const struct destinations *destinations)
{
	for (size_t i = 0; i < destinations->count; i++)
		if (destinations->list[i].format->paths)
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

bool destinations_write(const struct destinations *destinations,
	struct report *report, struct diags *diags)
{
	bool good = true;

	for (size_t i = 0; i < destinations->count; i++) {
		const struct destination *destination = &destinations->list[i];
		AUTO(text) out = TEXT_INIT;

		report->for_terminal = !destination->file &&
				       isatty(STDOUT_FILENO);
		destination->format->write(&out, report);
		good = write_file(destination->file, &out, diags) && good;
		if (destination->format->write == report_github)
			write_job_summary(report);
	}
	return good;
}
