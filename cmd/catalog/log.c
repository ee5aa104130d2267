/*
 * `catalog log`: the commits that changed one definition.
 */
#include "catalog/history/log.h"
#include "cmd/catalog/changes.h"
#include "cmd/context/bridge_names.h"
#include "cmd/context/command.h"
#include "cmd/context/open_catalog.h"
#include "cmd/ui/output.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* "2026-11-24T14:03:00+01:00": the author's own clock, as ISO 8601 has it. */
static void append_time(struct text *out, long long seconds, int offset)
{
	time_t local = (time_t)(seconds + offset * 60LL);
	int minutes = offset < 0 ? -offset : offset;
	struct tm parts;

	if (!gmtime_r(&local, &parts)) {
		text_append(out, "?");
		return;
	}
	text_format(out, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d",
		parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
		parts.tm_hour, parts.tm_min, parts.tm_sec,
		offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

/* Names in commits can be in any encoding. */
static json_t *visible_json(const char *string)
{
	AUTO(text) visible = TEXT_INIT;

	if (!string)
		return json_null();
	text_append_visible(&visible, string, strlen(string));
	return json_string(visible.data);
}

static json_t *step_json(const struct log_step *step, const char *date)
{
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, "
			 "s:O, s:o}",
		"commit", step->commit, "date", date, "author",
		visible_json(step->author), "email", visible_json(step->email),
		"summary", visible_json(step->summary), "change",
		difference_name(step->difference), "old_id",
		visible_json(step->old_id), "id", visible_json(step->id),
		"old_path", visible_json(step->old_path), "path",
		visible_json(step->path), "fields", step->fields, "unreadable",
		changes_unreadable_json(step->unreadable));
}

static void print_step(const struct log_step *step, const char *date)
{
	printf("%.12s  %s  ", step->commit, date);
	changes_print_text(step->author);
	fputs("  ", stdout);
	changes_print_text(step->summary);
	printf("\n    %s", difference_name(step->difference));
	if (step->difference == DIFFERENCE_RENAMED) {
		fputs(" from ", stdout);
		changes_print_text(step->old_path);
	} else if (step->difference == DIFFERENCE_REMOVED) {
		fputs(" (", stdout);
		changes_print_text(step->old_path);
		putchar(')');
	}
	putchar('\n');
	if (step->old_path && step->path)
		changes_print_fields(step->fields);
	changes_print_unreadable(step->unreadable);
}

/* `data` is the JSON array, or NULL to print. */
static bool show_step(const struct log_step *step, void *data)
{
	AUTO(text) date = TEXT_INIT;

	append_time(&date, step->time, step->offset_minutes);
	if (data)
		json_array_append_new(data, step_json(step, date.data));
	else
		print_step(step, date.data);
	return true;
}

/* What the log is of: a document of the revision, or one that is gone. */
struct log_subject {
	const struct document *document;
	struct removal removal;
};

/* A bridge, else a target, an actor, a domain with this id. */
static bool find_document(struct log_subject *subject,
	struct resolver *resolver, const char *id, struct diags *diags)
{
	static const enum document_kind kinds[] = {DOCUMENT_BRIDGE,
		DOCUMENT_TARGET, DOCUMENT_ACTOR, DOCUMENT_DOMAIN};
	const char *colon = strchr(id, ':');

	for (size_t i = 0; i < COUNT(kinds); i++) {
		const char *kind = document_kind_name(kinds[i]);
		struct document *document;

		if (colon && (strncmp(id, kind, (size_t)(colon - id)) ||
				     kind[colon - id]))
			continue;
		if (!catalog_locate(resolver->catalog, kinds[i],
			    colon ? colon + 1 : id, &document, diags))
			return false;
		if (document && subject->document)
			output_note("'%s' is a %s here; there is a %s of that "
				    "id, too: `bridge catalog log %s:%s`",
				id, document_kind_name(subject->document->kind),
				kind, kind, id);
		else if (document)
			subject->document = document;
	}
	return true;
}

static enum exit_status unknown(
	struct resolver *resolver, const char *id, struct diags *diags)
{
	size_t count;
	char **known = resolve_names(resolver, &count);

	bridge_names_unknown(
		diags, "definition", id, (const char *const *)known, count);
	bridge_names_free(known, count);
	return EXIT_NO;
}

static void say_cut(const struct revision *revision)
{
	AUTO(text) git = TEXT_INIT;

	revision_git(revision, &git);
	output_note("the history goes on, but this is a shallow clone; for the "
		    "rest run %sfetch --unshallow",
		git.data);
}

static bool walk(const struct log_subject *subject,
	const struct catalog *catalog, json_t *steps, bool *cut,
	struct diags *diags)
{
	if (subject->document)
		return log_walk(catalog, subject->document, show_step, steps,
			cut, diags);
	return log_walk_removed(
		catalog, &subject->removal, show_step, steps, cut, diags);
}

static void print_json(const struct resolver *resolver,
	const struct log_subject *subject, json_t *steps, bool cut)
{
	const struct document *document = subject->document;
	json_t *json = open_catalog_json(resolver);

	json_object_set_new(json, "kind",
		json_string(document_kind_name(
			document ? document->kind : subject->removal.kind)));
	json_object_set_new(json, "id",
		json_string(document ? document->id : subject->removal.id));
	json_object_set_new(json, "complete", json_boolean(!cut));
	json_object_set(json, "commits", steps);
	output_json(json);
}

static enum exit_status show(struct resolver *resolver,
	struct log_subject *subject, const struct options *options,
	struct diags *diags)
{
	const char *id = options->arguments[0];
	json_auto_t *steps = options->json ? json_array() : NULL;
	bool cut = false;

	if (!find_document(subject, resolver, id, diags))
		return EXIT_UNABLE;
	if (!subject->document &&
		!removal_find(&subject->removal, resolver->catalog, id, diags))
		return EXIT_UNABLE;
	if (!subject->document && !subject->removal.path)
		return unknown(resolver, id, diags);
	if (!walk(subject, resolver->catalog, steps, &cut, diags))
		return EXIT_UNABLE;
	if (steps)
		print_json(resolver, subject, steps, cut);
	if (cut)
		say_cut(resolver->catalog->revision);
	return EXIT_YES;
}

enum exit_status command_catalog_log(const struct options *options)
{
	AUTO(resolver) resolver = RESOLVER_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	struct log_subject subject = {.removal = REMOVAL_INIT};
	enum exit_status status = EXIT_UNABLE;

	if (open_catalog_quietly(&resolver, options, NULL, false, &diags))
		status = show(&resolver, &subject, options, &diags);
	output_diags(&diags, options->verbose);
	if (status == EXIT_NO && subject.removal.cut)
		say_cut(resolver.catalog->revision);
	if (status == EXIT_NO && subject.removal.too_long)
		output_note("it may have been there once: only %d commits are "
			    "searched",
			REMOVAL_MAX_COMMITS);
	removal_release(&subject.removal);
	return status;
}
