/*
 * `bridge targets` and `bridge targets show`: the targets of the catalog, and
 * the bridges that use one.
 */
#include "catalog/store/list.h"
#include "cmd/context/answer.h"
#include "cmd/context/bridge_names.h"
#include "cmd/context/command.h"
#include "cmd/context/open_catalog.h"
#include "cmd/ui/output.h"
#include "cmd/ui/table.h"
#include "schema/base/json_line.h"
#include "schema/yaml/node_json.h"

#include <stdlib.h>
#include <string.h>

/* The document as it stands, with what its place says. */
static json_t *target_json(const struct document *document)
{
	json_t *json = document->root ? node_to_json(document->root) : NULL;

	if (!json_is_object(json)) {
		json_decref(json);
		json = json_object();
	}
	json_object_set_new(json, "id", json_string(document->id));
	json_object_set_new(json, "domain", json_string(document->domain));
	json_object_set_new(json, "origin",
		document->source ? json_string(document->source->path)
				 : json_string(document->path));
	json_object_set_new(json, "valid", json_boolean(document->valid));
	return json;
}

static void add_row(struct table *table, const json_t *target)
{
	const json_t *port = json_object_get(target, "ssh_port");

	table_add(table, json_text(target, "id"));
	table_add(table, json_text(target, "domain"));
	table_add(table, json_text(target, "kind"));
	table_add(table, json_text(target, "host"));
	table_add_format(table, "%lld",
		json_is_integer(port) ? (long long)json_integer_value(port)
				      : 22);
	table_add(table, json_text(target, "environment"));
	table_add(table, json_text(target, "description"));
}

static bool is_in_domain(
	const struct document *target, const struct options *options)
{
	return !options->domain || !strcmp(target->domain, options->domain);
}

static void print_table(const json_t *targets)
{
	static const struct column columns[] = {
		{"TARGET", 24, 0},
		{"DOMAIN", 0, 5},
		{"KIND", 0, 2},
		{"HOST", 16, 0},
		{"PORT", 0, 4},
		{"ENVIRONMENT", 0, 3},
		{"DESCRIPTION", 16, 1},
	};
	AUTO(table) table = TABLE_INIT;
	size_t i;
	json_t *target;

	table_begin(&table, columns, COUNT(columns));
	json_array_foreach(targets, i, target) add_row(&table, target);
	table_print(&table, stdout);
}

enum exit_status answer_targets(
	const struct options *options, json_t **answer, struct diags *diags)
{
	AUTO(resolver) resolver = RESOLVER_INIT;
	const struct documents *targets;
	json_t *list;
	bool fine;

	if (!open_catalog_with_notice(&resolver, options, NULL, false, diags))
		return EXIT_UNABLE;
	targets = &resolver.catalog->of[DOCUMENT_TARGET];
	fine = list_catalog(resolver.catalog, diags);
	if (!bridge_names_check_domain(
		    resolver.catalog, options->domain, diags))
		return open_catalog_status(false, diags);
	list = json_array();
	for (size_t i = 0; i < targets->count; i++) {
		if (!is_in_domain(targets->list[i], options))
			continue;
		if (!catalog_read(resolver.catalog, targets->list[i], diags))
			fine = false;
		json_array_append_new(list, target_json(targets->list[i]));
	}
	*answer = open_catalog_json(&resolver);
	json_object_set_new(*answer, "targets", list);
	return open_catalog_status(fine, diags);
}

enum exit_status command_targets(const struct options *options)
{
	AUTO(diags) diags = DIAGS_INIT;
	json_auto_t *answer = NULL;
	enum exit_status status = answer_targets(options, &answer, &diags);

	if (answer && options->json)
		output_json(json_incref(answer));
	else if (answer)
		print_table(json_object_get(answer, "targets"));
	output_diags(&diags, options->verbose);
	return status;
}

/* "target: x" or "target: domain/x" */
static bool names_target(
	const struct document *bridge, const struct document *target)
{
	const char *name = node_string(node_get(bridge->root, "target"));
	const char *slash = name ? strchr(name, '/') : NULL;
	size_t domain;

	if (!name)
		return false;
	if (!slash)
		return !strcmp(name, target->id);
	domain = (size_t)(slash - name);
	return strlen(target->domain) == domain &&
	       !strncmp(name, target->domain, domain) &&
	       !strcmp(slash + 1, target->id);
}

static json_t *bridges_of(struct catalog *catalog,
	const struct document *target, struct diags *diags)
{
	const struct documents *bridges = &catalog->of[DOCUMENT_BRIDGE];
	json_t *list = json_array();

	list_catalog(catalog, diags);
	for (size_t i = 0; i < bridges->count; i++) {
		catalog_read(catalog, bridges->list[i], diags);
		if (names_target(bridges->list[i], target))
			json_array_append_new(
				list, json_string(bridges->list[i]->id));
	}
	return list;
}

static void print_fields(const json_t *target)
{
	AUTO(table) table = TABLE_INIT;
	const char *key;
	json_t *value;

	table.columns = 2;
	json_object_foreach((json_t *)(uintptr_t)target, key, value)
	{
		AUTO(text) text = TEXT_INIT;

		output_value(&text, value);
		table_add(&table, key);
		table_add(&table, text.data);
	}
	table_print(&table, stdout);
}

static void unknown_target(
	struct catalog *catalog, const char *name, struct diags *diags)
{
	const struct documents *targets = &catalog->of[DOCUMENT_TARGET];
	AUTO_FREE const char **names = NULL;
	AUTO(diags) ignored = DIAGS_INIT;

	list_catalog(catalog, &ignored);
	names = own_alloc((targets->count + 1) * sizeof(char *));
	for (size_t i = 0; i < targets->count; i++)
		names[i] = targets->list[i]->id;
	bridge_names_unknown(diags, "target", name, names, targets->count);
}

enum exit_status answer_target(
	const struct options *options, json_t **answer, struct diags *diags)
{
	const char *name = options->arguments[0];
	AUTO(resolver) resolver = RESOLVER_INIT;
	AUTO(diags) others = DIAGS_INIT;
	struct document *target = NULL;
	bool fine;

	if (!open_catalog_with_notice(&resolver, options, NULL, false, diags))
		return EXIT_UNABLE;
	fine = catalog_find(
		resolver.catalog, DOCUMENT_TARGET, name, &target, diags);
	if (!fine && open_catalog_could_not_run(diags))
		return EXIT_UNABLE;
	if (!target) {
		if (fine)
			unknown_target(resolver.catalog, name, diags);
		return EXIT_NO;
	}
	*answer = target_json(target);
	json_object_set_new(*answer, "revision",
		json_string(revision_id(resolver.catalog->revision)));
	json_object_set_new(*answer, "bridges",
		bridges_of(resolver.catalog, target, &others));
	/* A bridge that has mistakes names no target; one that cannot be
	 * read may. */
	if (open_catalog_could_not_run(&others)) {
		diags_move(diags, &others);
		fine = false;
	}
	return open_catalog_status(fine, diags);
}

enum exit_status command_targets_show(const struct options *options)
{
	AUTO(diags) diags = DIAGS_INIT;
	json_auto_t *answer = NULL;
	enum exit_status status = answer_target(options, &answer, &diags);

	if (answer && options->json)
		output_json(json_incref(answer));
	else if (answer)
		print_fields(answer);
	output_diags(&diags, options->verbose);
	return status;
}
