/*
 * `bridge catalog validate`: check the catalog and write the reports that are
 * asked for; with --since only what is new counts.
 */
#include "catalog/rules/validate.h"
#include "catalog/history/baseline.h"
#include "cmd/context/answer.h"
#include "cmd/context/bridge_names.h"
#include "cmd/context/command.h"
#include "cmd/context/open_catalog.h"
#include "cmd/report/destination.h"
#include "cmd/report/json.h"
#include "cmd/ui/output.h"

#include <stdlib.h>
#include <string.h>

static int compare_paths(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The paths of all documents from the repository's root on. */
static void collect_paths(struct report *report, struct catalog *catalog)
{
	size_t count = 0;
	const char **paths;

	for (size_t kind = 0; kind < DOCUMENT_KINDS; kind++)
		count += catalog->of[kind].count;
	paths = arena_alloc(&catalog->arena, (count + 1) * sizeof(*paths));
	report->paths = paths;
	report->path_count = 0;
	for (size_t kind = 0; kind < DOCUMENT_KINDS; kind++)
		for (size_t i = 0; i < catalog->of[kind].count; i++) {
			const struct document *document =
				catalog->of[kind].list[i];

			if (document->source)
				paths[report->path_count++] =
					document->source->path;
		}
	qsort(paths, report->path_count, sizeof(*paths), compare_paths);
}

/* The revision has no catalog at all, not even the folder of one. */
static bool is_without(struct diags *opening, struct diags *trouble)
{
	if (opening->list[0].rule == RULE_CATALOG_MISSING)
		return true;
	diags_move(trouble, opening);
	return false;
}

/*
 * Judge the older revision, too. One without a catalog has no findings: all
 * that is found is new.
 */
static bool keep_new(struct resolver *resolver, const char *since,
	struct diags *findings, struct report *report, struct diags *trouble)
{
	AUTO(diags) old = DIAGS_INIT;
	AUTO(diags) none = DIAGS_INIT;
	struct revision *revision;
	struct catalog *then;

	report->since = since;
	if (!revision_open(
		    &revision, resolver->catalog_path, since, true, &none))
		return is_without(&none, trouble);
	report->since = arena_strdup(
		&resolver->catalog->arena, revision_id(revision));
	if (!catalog_open(&then, revision, &none))
		return is_without(&none, trouble);
	diags_move(&old, &none);
	then->digests = true;
	then->base = resolver->catalog;
	then->has_config = resolver->catalog->has_config;
	then->config_actors = resolver->catalog->config_actors;
	validate_catalog(then, &old);
	if (open_catalog_could_not_run(&old)) {
		diags_move(trouble, &old);
		catalog_close(then);
		return false;
	}
	baseline_keep_new(findings, resolver->catalog, &old, then->revision);
	catalog_close(then);
	return true;
}

/* What was found on the way to the catalog, without that of tunnels.yaml. */
static void keep_of_catalog(struct diags *diags, const char *config)
{
	AUTO_FREE bool *drop = own_alloc(diags->count + 1);

	for (size_t i = 0; i < diags->count; i++) {
		const char *path = diags->list[i].path;

		drop[i] = path && config && !strcmp(path, config);
	}
	diags_drop(diags, 0, drop);
}

static void tell_reading(void *data, size_t documents)
{
	const struct options *options = data;
	AUTO(text) text = TEXT_INIT;

	text_format(&text, "%zu documents read", documents);
	/* How many there are is not known before they are listed. */
	options->waiting->progress(
		options->waiting->data, (unsigned)documents, 0, text.data);
}

/*
 * Of catalog.yaml and schemas/ opening has read something already. The report
 * is of `findings`; false when we could not judge, and *trouble says why.
 */
static bool judge(struct resolver *resolver, const struct options *options,
	struct diags *findings, struct report *report, struct diags *trouble)
{
	struct worktree_status check;
	bool fine;

	keep_of_catalog(findings, resolver->config.path);
	fine = !findings->errors;
	open_catalog_start_notice(&check, resolver, options, true);
	resolver->catalog->digests = true;
	resolver->catalog->is_base = options->since != NULL;
	if (options->waiting && options->waiting->progress) {
		resolver->catalog->reading = tell_reading;
		resolver->catalog->reading_data = (void *)(uintptr_t)options;
	}
	fine &= validate_catalog(resolver->catalog, findings);
	open_catalog_finish_notice(&check);
	if (open_catalog_could_not_run(findings)) {
		diags_move(trouble, findings);
		return false;
	}
	diags_sort(findings);
	if (options->since) {
		if (!keep_new(resolver, options->since, findings, report,
			    trouble))
			return false;
		fine = !findings->errors;
	}
	if (options->strict && findings->warnings)
		fine = false;
	if (options->waiting && options->waiting->progress)
		options->waiting->progress(options->waiting->data,
			(unsigned)resolver->catalog->files + 1,
			(unsigned)resolver->catalog->files + 1, "checked");
	report->diags = findings;
	report->catalog = resolver->catalog_path;
	report->revision = revision_id(resolver->catalog->revision);
	report->documents = resolver->catalog->files;
	report->valid = fine;
	report->strict = options->strict;
	report->quiet = options->quiet;
	report->notes = !options->quiet;
	return true;
}

static bool open_catalog(struct resolver *resolver,
	const struct options *options, struct diags *diags)
{
	const char *path = options->count ? options->arguments[0] : NULL;

	return open_catalog_quietly(resolver, options, path, true, diags);
}

enum exit_status answer_validate(
	const struct options *options, json_t **answer, struct diags *diags)
{
	AUTO(resolver) resolver = RESOLVER_INIT;
	AUTO(diags) findings = DIAGS_INIT;
	struct report report = {.diags = NULL};

	if (!open_catalog(&resolver, options, &findings)) {
		diags_move(diags, &findings);
		return EXIT_UNABLE;
	}
	if (!judge(&resolver, options, &findings, &report, diags))
		return EXIT_UNABLE;
	*answer = report_json_value(&report);
	return report.valid ? EXIT_YES : EXIT_NO;
}

enum exit_status command_catalog_validate(const struct options *options)
{
	AUTO(resolver) resolver = RESOLVER_INIT;
	AUTO(diags) findings = DIAGS_INIT;
	AUTO(diags) trouble = DIAGS_INIT;
	struct report report = {.diags = NULL};
	struct destinations destinations;

	if (!destinations_read(&destinations, options))
		return EXIT_USAGE;
	if (!open_catalog(&resolver, options, &findings)) {
		output_diags(&findings, options->verbose);
		return EXIT_UNABLE;
	}
	if (judge(&resolver, options, &findings, &report, &trouble)) {
		if (destinations_need_paths(&destinations))
			collect_paths(&report, resolver.catalog);
		if (destinations_write(&destinations, &report, &trouble))
			return report.valid ? EXIT_YES : EXIT_NO;
	}
	output_diags(&trouble, options->verbose);
	return EXIT_UNABLE;
}
