/*
 * `catalog diff`: two revisions of the catalog side by side, and which of the
 * bridges that run now they define differently.
 */
#include "catalog/diff.h"
#include "cmd/catalog.h"
#include "cmd/changes.h"
#include "cmd/command.h"
#include "cmd/names.h"
#include "cmd/output.h"
#include "cmd/running.h"

#include <stdio.h>
#include <string.h>

struct sides {
	struct resolver old, now;
};

static bool open_side(struct resolver *resolver, const struct options *options,
	const char *rev, struct diags *diags)
{
	struct resolver_options sources = names_sources(options);
	AUTO(diags) findings = DIAGS_INIT;

	sources.revision = rev;
	sources.need_catalog = true;
	sources.discover = true;
	if (!resolver_open(resolver, &sources, diags))
		return false;
	catalog_load(resolver->catalog, &findings);
	if (!catalog_could_not_run(&findings) && !catalog_could_not_run(diags))
		return true;
	diags_move(diags, &findings);
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
	AUTO(running) running = RUNNING_INIT;
	AUTO(diags) ignored = DIAGS_INIT;
	json_t *names = json_array();
	size_t i;
	json_t *status;

	if (!running_open(&running, RUNNING_LIVE | RUNNING_BRIEF, &ignored))
		return names;
	json_array_foreach(running.bridges, i, status)
	{
		const char *name = json_string_value(
			json_object_get(status, "name"));
		json_auto_t *old = NULL;
		json_auto_t *now = NULL;

		if (!name || !running_is_live(status))
			continue;
		old = definition(&sides->old, name);
		now = definition(&sides->now, name);
		if (!json_equal(old, now))
			json_array_append_new(names, json_string(name));
	}
	return names;
}

static json_t *path_or_null(const struct document *document)
{
	return document && document->source
		       ? json_string(document->source->path)
		       : json_null();
}

static json_t *change_json(const struct diff_entry *entry)
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
	return json;
}

static void print_json(
	const struct sides *sides, const struct diff *diff, json_t *names)
{
	json_t *json = catalog_json(&sides->now);
	json_t *changes = json_array();

	for (size_t i = 0; i < diff->count; i++)
		json_array_append_new(changes, change_json(&diff->list[i]));
	json_object_set_new(json, "old_revision",
		json_string(revision_id(sides->old.catalog->revision)));
	json_object_set_new(json, "changes", changes);
	json_object_set(json, "touches", names);
	output_json(json);
}

static void print_change(const struct diff_entry *entry)
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
}

static void print_text(const struct diff *diff, json_t *names)
{
	size_t i;
	json_t *name;

	for (i = 0; i < diff->count; i++)
		print_change(&diff->list[i]);
	if (!diff->count)
		puts("nothing differs");
	if (json_array_size(names))
		puts("running bridges that are defined otherwise:");
	json_array_foreach(names, i, name)
	{
		fputs("    ", stdout);
		changes_print_text(json_string_value(name));
		putchar('\n');
	}
}

static enum exit_status compare(
	struct sides *sides, const struct options *options)
{
	AUTO(diff) diff = DIFF_INIT;
	json_auto_t *names = NULL;

	diff_catalogs(&diff, sides->old.catalog, sides->now.catalog);
	names = touched(sides);
	if (options->json)
		print_json(sides, &diff, names);
	else
		print_text(&diff, names);
	return EXIT_YES;
}

enum exit_status command_catalog_diff(const struct options *options)
{
	const char *old = options->count ? options->arguments[0] : "HEAD";
	const char *now = options->count > 1 ? options->arguments[1]
			  : options->rev     ? options->rev
					     : "WORKTREE";
	struct sides sides = {.old = RESOLVER_INIT, .now = RESOLVER_INIT};
	AUTO(diags) diags = DIAGS_INIT;
	enum exit_status status = EXIT_UNABLE;

	if (open_side(&sides.old, options, old, &diags) &&
		open_side(&sides.now, options, now, &diags))
		status = compare(&sides, options);
	output_diags(&diags, options->verbose);
	resolver_release(&sides.old);
	resolver_release(&sides.now);
	return status;
}
