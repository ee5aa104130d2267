#include "cmd/catalog.h"
#include "cmd/command.h"
#include "cmd/names.h"
#include "cmd/output.h"
#include "cmd/report/report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* One report to be written: "text", or "json=FILE". */
struct wanted {
	const struct report_format *format;
	const char *file; /* NULL: standard output */
};

static bool parse_format(
	struct wanted *wanted, const char *word, const char *output)
{
	const char *equals = strchr(word, '=');
	size_t length = equals ? (size_t)(equals - word) : strlen(word);
	AUTO(text) known = TEXT_INIT;

	for (size_t i = 0; i < report_format_count; i++) {
		const char *name = report_formats[i].name;

		text_format(&known, "%s%s", i ? ", " : "", name);
		if (strlen(name) != length || strncmp(name, word, length))
			continue;
		wanted->format = &report_formats[i];
		wanted->file = equals ? equals + 1 : output;
		return true;
	}
	output_error("unknown format '%.*s'; there are %s", (int)length, word,
		known.data);
	return false;
}

static bool read_formats(struct wanted wanted[OPTION_MAX_TEXTS], size_t *count,
	const struct options *options)
{
	const char *fallback = options->json ? "json" : "text";

	*count = options->formats.count;
	for (size_t i = 0; i < *count; i++)
		if (!parse_format(&wanted[i], options->formats.list[i],
			    options->output))
			return false;
	if (*count)
		return true;
	*count = 1;
	return parse_format(&wanted[0], fallback, options->output);
}

static bool write_report(
	const struct wanted *wanted, struct report *report, struct diags *diags)
{
	AUTO(text) out = TEXT_INIT;
	FILE *file = stdout;
	bool fine;

	report->for_terminal = !wanted->file && isatty(STDOUT_FILENO);
	wanted->format->write(&out, report);
	if (wanted->file)
		file = fopen(wanted->file, "we");
	if (!file)
		return diag_errno(diags, NULL, RULE_IO_WRITE,
			"cannot write '%s'", wanted->file);
	fine = fwrite(out.data, 1, out.length, file) == out.length;
	if (wanted->file)
		fine = !fclose(file) && fine;
	if (!fine)
		return diag_errno(diags, NULL, RULE_IO_WRITE,
			"cannot write '%s'",
			wanted->file ? wanted->file : "standard output");
	return true;
}

/*
 * Errors of the repository itself mean that we could not judge; everything
 * else is the judgement.
 */
static bool could_not_run(const struct diags *diags)
{
	for (size_t i = 0; i < diags->count; i++)
		switch (diags->list[i].rule) {
		case RULE_IO_READ:
		case RULE_GIT_REPOSITORY:
		case RULE_GIT_REVISION:
		case RULE_GIT_OBJECT:
		case RULE_CATALOG_MISSING:
			return true;
		default:
			break;
		}
	return false;
}

static enum exit_status judge(struct resolver *resolver,
	const struct options *options, const struct wanted *wanted,
	size_t count)
{
	AUTO(diags) findings = DIAGS_INIT;
	AUTO(diags) trouble = DIAGS_INIT;
	struct report report = {.diags = &findings};
	struct dirty_check check;
	bool fine;

	catalog_notice_start(&check, resolver, options, true);
	fine = catalog_validate(resolver->catalog, &findings);
	catalog_notice_finish(&check);
	if (could_not_run(&findings)) {
		output_diags(&findings, options->verbose);
		return EXIT_UNABLE;
	}
	if (options->strict && findings.warnings)
		fine = false;
	diags_sort(&findings);
	report.catalog = resolver->catalog_path;
	report.revision = revision_id(resolver->catalog->revision);
	report.documents = resolver->catalog->files;
	report.valid = fine;
	report.quiet = options->quiet;
	report.notes = !options->quiet;
	for (size_t i = 0; i < count; i++)
		if (!write_report(&wanted[i], &report, &trouble)) {
			output_diags(&trouble, options->verbose);
			return EXIT_UNABLE;
		}
	return fine ? EXIT_YES : EXIT_NO;
}

enum exit_status command_catalog_validate(const struct options *options)
{
	const char *path = options->count ? options->arguments[0] : NULL;
	AUTO(resolver) resolver = RESOLVER_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	struct wanted wanted[OPTION_MAX_TEXTS];
	size_t count;

	if (!read_formats(wanted, &count, options))
		return EXIT_USAGE;
	if (!catalog_open_quietly(&resolver, options, path, true, &diags)) {
		output_diags(&diags, options->verbose);
		return EXIT_UNABLE;
	}
	return judge(&resolver, options, wanted, count);
}
