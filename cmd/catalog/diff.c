/*
 * `catalog diff`: two revisions of the catalog side by side, and which of the
 * bridges that run now they define differently.
 */
#include "catalog/history/diff.h"
#include "catalog/store/document.h"
#include "catalog/store/load.h"
#include "cmd/catalog/changes.h"
#include "cmd/context/bridge_names.h"
#include "cmd/context/command.h"
#include "cmd/context/open_catalog.h"
#include "cmd/context/supervisor_query.h"
#include "cmd/ui/output.h"
#include "schema/base/json_line.h"

#include <stdio.h>
#include <string.h>

struct side {
	struct resolver resolver;
	struct diags findings; /* of load_catalog() */
};

#define SIDE_INIT                                                              \
	{                                                                      \
		.resolver = RESOLVER_INIT, .findings = DIAGS_INIT              \
	}

struct sides {
	struct side old, now;
};

static void side_release(struct side *side)
{
	resolver_release(&side->resolver);
	diags_release(&side->findings);
}

static bool open_side(struct side *side, const struct options *options,
	const char *rev, struct diags *diags)
{
	struct resolver_options sources = bridge_names_sources(options);

	sources.revision = rev;
	sources.need_catalog = true;
	sources.discover = true;
	if (!resolver_open(&side->resolver, &sources, diags))
		return false;
	load_catalog(side->resolver.catalog, &side->findings);
	if (!open_catalog_could_not_run(&side->findings) &&
		!open_catalog_could_not_run(diags))
		return true;
	diags_move(diags, &side->findings);
	return false;
}

/* What of a definition decides how it runs. */
static json_t *definition(struct resolver *resolver, const char *name)
{
	AUTO(bridge) bridge = BRIDGE_INIT;
	AUTO(diags) ignored = DIAGS_INIT;
	bool found = false;
	json_t *json;

	if (!resolve_bridge(resolver, name, &bridge, &found, &ignored) ||
		!found)
		return json_null();
	json = bridge_to_json(&bridge, false);
	json_object_del(json, "revision");
	json_object_del(json, "origin");
	return json;
}

static json_t *touched(struct sides *sides)
{
	AUTO(supervisor_query) query = SUPERVISOR_QUERY_INIT;
	AUTO(diags) ignored = DIAGS_INIT;
	json_t *names = json_array();
	size_t i;
	json_t *status;

	if (!supervisor_query_open(&query, QUERY_LIVE | QUERY_BRIEF, &ignored))
		return names;
	json_array_foreach(query.bridges, i, status)
	{
		const char *name = json_text(status, "name");
		json_auto_t *old = NULL;
		json_auto_t *now = NULL;

		if (!name || !supervisor_query_is_live(status))
			continue;
		old = definition(&sides->old.resolver, name);
		now = definition(&sides->now.resolver, name);
		if (!json_equal(old, now))
			json_array_append_new(names, json_string(name));
	}
	return names;
}

/* The first error about the path; findings are in the order of paths. */
static const struct diag *find_error(
	const struct diags *findings, const char *path)
{
	size_t low = 0;
	size_t high = findings->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *at = findings->list[middle].path;

		if (strcmp(at ? at : "", path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < findings->count; low++) {
		const struct diag *diag = &findings->list[low];

		if (!diag->path || strcmp(diag->path, path))
			break;
		if (diag->severity == SEVERITY_ERROR)
			return diag;
	}
	return NULL;
}

/* Of catalog.yaml, which opening has read; of either revision. */
static const struct diag *find_opening_error(
	const struct diags *opening, const struct source *source)
{
	for (size_t i = 0; i < opening->count; i++) {
		const struct diag *diag = &opening->list[i];

		if (diag->severity == SEVERITY_ERROR && diag->path &&
			diag->revision && !strcmp(diag->path, source->path) &&
			!strcmp(diag->revision, source->revision))
			return diag;
	}
	return NULL;
}

/*
 * Why a document has no fields, added to `why`. A catalog can turn off the
 * rule that says so.
 */
static void explain(struct diags *why, struct side *side,
	const struct document *document, const struct diags *opening)
{
	struct origin at;
	const struct diag *diag;

	if (!document || diff_can_read(document))
		return;
	at = document_origin(side->resolver.catalog, document);
	diag = find_error(&side->findings, at.source->path);
	if (!diag)
		diag = find_opening_error(opening, at.source);
	if (diag)
		diag_repeat(why, diag, at.source);
	else
		diag_error(why, &at, document->broken,
			"'%s' cannot be used: it has errors", at.source->path);
}

static json_t *path_or_null(const struct document *document)
{
	return document && document->source
		       ? json_string(document->source->path)
		       : json_null();
}

static json_t *change_json(
	const struct diff_entry *entry, const struct diags *why)
{
	const struct document *any = entry->now ? entry->now : entry->old;
	json_t *json = json_object();

	json_object_set_new(
		json, "kind", json_string(document_kind_name(any->kind)));
	json_object_set_new(json, "id", json_string(any->id));
	json_object_set_new(json, "change",
		json_string(difference_name(entry->difference)));
	json_object_set_new(json, "old_id",
		entry->old ? json_string(entry->old->id) : json_null());
	json_object_set_new(json, "old_path", path_or_null(entry->old));
	json_object_set_new(json, "path", path_or_null(entry->now));
	json_object_set(json, "fields", entry->fields);
	json_object_set_new(json, "unreadable", changes_unreadable_json(why));
	return json;
}

static void print_json(
	const struct sides *sides, json_t *changes, json_t *names)
{
	json_t *json = open_catalog_json(&sides->now.resolver);

	json_object_set_new(json, "old_revision",
		json_string(
			revision_id(sides->old.resolver.catalog->revision)));
	json_object_set(json, "changes", changes);
	json_object_set(json, "touches", names);
	output_json(json);
}

static void print_change(
	const struct diff_entry *entry, const struct diags *why)
{
	const struct document *any = entry->now ? entry->now : entry->old;

	printf("%s ", document_kind_name(any->kind));
	if (entry->difference == DIFFERENCE_RENAMED) {
		changes_print_text(entry->old->id);
		fputs(" -> ", stdout);
	}
	changes_print_text(any->id);
	printf(": %s (", difference_name(entry->difference));
	changes_print_text(any->source ? any->source->path : any->path);
	puts(")");
	if (entry->old && entry->now)
		changes_print_fields(entry->fields);
	changes_print_unreadable(why);
}

static void print_touched(const json_t *names)
{
	size_t i;
	json_t *name;

	if (json_array_size(names))
		puts("running bridges that are defined otherwise:");
	json_array_foreach(names, i, name)
	{
		fputs("    ", stdout);
		changes_print_text(json_string_value(name));
		putchar('\n');
	}
}

/* The answer is no when there is a change that cannot be told. */
static enum exit_status compare_sides(struct sides *sides,
	const struct options *options, const struct diags *opening)
{
	AUTO(diff) diff = DIFF_INIT;
	json_auto_t *changes = json_array();
	json_auto_t *names = touched(sides);
	bool all = true;

	diff_catalogs(&diff, sides->old.resolver.catalog,
		sides->now.resolver.catalog);
	for (size_t i = 0; i < diff.count; i++) {
		const struct diff_entry *entry = &diff.list[i];
		AUTO(diags) why = DIAGS_INIT;

		explain(&why, &sides->old, entry->old, opening);
		explain(&why, &sides->now, entry->now, opening);
		all &= !why.count;
		if (options->json)
			json_array_append_new(
				changes, change_json(entry, &why));
		else
			print_change(entry, &why);
	}
	if (options->json) {
		print_json(sides, changes, names);
	} else {
		if (!diff.count)
			puts("nothing differs");
		print_touched(names);
	}
	return all ? EXIT_YES : EXIT_NO;
}

enum exit_status command_catalog_diff(const struct options *options)
{
	const char *old = options->count ? options->arguments[0] : "HEAD";
	const char *now = options->count > 1 ? options->arguments[1]
			  : options->rev     ? options->rev
					     : "WORKTREE";
	struct sides sides = {.old = SIDE_INIT, .now = SIDE_INIT};
	AUTO(diags) diags = DIAGS_INIT;
	enum exit_status status = EXIT_UNABLE;

	if (open_side(&sides.old, options, old, &diags) &&
		open_side(&sides.now, options, now, &diags))
		status = compare_sides(&sides, options, &diags);
	output_diags(&diags, options->verbose);
	side_release(&sides.old);
	side_release(&sides.now);
	return status;
}
