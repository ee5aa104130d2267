/*
 * `bridge catalog show`: one bridge as it resolves, field by field, with
 * --origins also who set each.
 */
#include "cmd/context/answer.h"
#include "cmd/context/bridge_names.h"
#include "cmd/context/command.h"
#include "cmd/context/open_catalog.h"
#include "cmd/ui/output.h"
#include "cmd/ui/table.h"

#include <string.h>

/* A dotted path in the bridge's JSON form. */
static const json_t *value_at(const json_t *json, const char *path)
{
	const char *dot = strchr(path, '.');

	if (!dot)
		return json_object_get(json, path);
	return json_object_get(
		json_object_getn(json, path, (size_t)(dot - path)), dot + 1);
}

static void add_row(struct table *table, const char *key, const json_t *value,
	const char *set_by, bool origins)
{
	AUTO(text) text = TEXT_INIT;

	if (!value)
		return;
	output_value(&text, value);
	table_add(table, key);
	table_add(table, text.data);
	if (origins)
		table_add(table, set_by ? set_by : "");
}

static void print_bridge(const struct bridge *bridge, bool origins)
{
	static const char *const first[] = {
		"name", "source", "origin", "revision", "shadows", "domain"};
	json_auto_t *json = bridge_to_json(bridge, false);
	AUTO(table) table = TABLE_INIT;

	table.columns = origins ? 3 : 2;
	for (size_t i = 0; i < COUNT(first); i++)
		add_row(&table, first[i], json_object_get(json, first[i]), NULL,
			origins);
	for (size_t i = 0; i < BRIDGE_FIELDS; i++) {
		const char *path = bridge_field_rows[i].path;

		add_row(&table, path, value_at(json, path), bridge->set_by[i],
			origins);
		if (i == BRIDGE_actor)
			add_row(&table, "actor_class",
				json_object_get(json, "actor_class"), NULL,
				origins);
	}
	table_print(&table, stdout);
}

static bool find_bridge(struct resolver *resolver, const char *name,
	struct bridge *bridge, bool *found, struct diags *diags)
{
	size_t count;
	char **known;

	if (!resolve_bridge(resolver, name, bridge, found, diags))
		return false;
	if (*found)
		return true;
	known = resolve_names(resolver, &count);
	bridge_names_unknown(
		diags, "bridge", name, (const char *const *)known, count);
	bridge_names_free(known, count);
	return false;
}

static enum exit_status resolve(const struct options *options,
	struct bridge *bridge, bool *fine, struct diags *diags)
{
	AUTO(resolver) resolver = RESOLVER_INIT;
	AUTO(diags) findings = DIAGS_INIT;
	struct resolver_options sources = bridge_names_sources(options);
	enum exit_status status = EXIT_UNABLE;
	bool found = false;

	sources.need_config = true;
	sources.discover = true;
	if (resolver_open(&resolver, &sources, diags)) {
		*fine = find_bridge(&resolver, options->arguments[0], bridge,
			&found, &findings);
		status = open_catalog_status(*fine, &findings);
	}
	/* An inline tunnel needs no catalog. */
	if (resolver.catalog_failed ? !found
				    : open_catalog_could_not_run(diags))
		status = EXIT_UNABLE;
	diags_move(diags, &findings);
	return status;
}

enum exit_status answer_bridge(
	const struct options *options, json_t **answer, struct diags *diags)
{
	AUTO(bridge) bridge = BRIDGE_INIT;
	bool fine = false;
	enum exit_status status = resolve(options, &bridge, &fine, diags);

	if (fine)
		*answer = bridge_to_json(&bridge, options->origins);
	return status;
}

enum exit_status command_catalog_show(const struct options *options)
{
	AUTO(bridge) bridge = BRIDGE_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	bool fine = false;
	enum exit_status status = resolve(options, &bridge, &fine, &diags);

	if (fine && options->json)
		output_json(bridge_to_json(&bridge, options->origins));
	else if (fine)
		print_bridge(&bridge, options->origins);
	output_diags(&diags, options->verbose);
	return status;
}
