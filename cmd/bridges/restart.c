/*
 * `bridge restart`: which bridges are meant, each with the definition it has
 * now or, without one, the definition it runs with.
 */
#include "cmd/bridges/bring_up.h"
#include "cmd/context/answer.h"
#include "cmd/context/bridge_names.h"
#include "cmd/context/command.h"
#include "cmd/context/open_catalog.h"
#include "cmd/context/supervisor_query.h"
#include "cmd/ui/output.h"

#include <string.h>

/* As it is defined now; what is defined no longer runs on as it was. */
static bool add_request(json_t *list, struct resolver *resolver,
	bool configured, const char *name, bool live, bool *found,
	struct diags *diags)
{
	AUTO(bridge) bridge = BRIDGE_INIT;

	*found = false;
	if (configured &&
		!resolve_bridge(resolver, name, &bridge, found, diags))
		return false;
	if (*found && !bridge.enabled)
		return bridge_names_disabled(&bridge, diags);
	if (*found)
		json_array_append_new(
			list, json_pack("{s:o}", "bridge",
				      bridge_to_json(&bridge, false)));
	else if (live)
		json_array_append_new(list, json_pack("{s:s}", "name", name));
	*found = *found || live;
	return true;
}

static json_t *names_to_restart(
	const struct supervisor_query *query, const struct options *options)
{
	json_t *names = json_array();
	size_t i;
	json_t *status;

	for (size_t k = 0; k < options->count; k++)
		json_array_append_new(
			names, json_string(options->arguments[k]));
	if (!options->count)
		json_array_foreach(query->bridges, i, status) json_array_append(
			names, json_object_get(status, "name"));
	return names;
}

struct restart {
	json_t *list;
	bool fine, unknown;
};

static void make_plan(struct restart *plan,
	const struct supervisor_query *query, const struct options *options,
	struct diags *diags)
{
	AUTO(resolver) resolver = RESOLVER_INIT;
	AUTO(diags) passing = DIAGS_INIT;
	bool configured = bridge_names_open(&resolver, options, &passing);
	json_auto_t *names = names_to_restart(query, options);
	size_t i;
	json_t *name;

	plan->list = json_array();
	plan->fine = true;
	json_array_foreach(names, i, name)
	{
		const char *text = json_string_value(name);
		bool found;

		if (!add_request(plan->list, &resolver, configured, text,
			    supervisor_query_find(query, text) != NULL, &found,
			    diags)) {
			plan->fine = false;
		} else if (!found) {
			size_t count;
			char **known = supervisor_query_names(
				query, options, &count);

			bridge_names_unknown(diags, "bridge", text,
				(const char *const *)known, count);
			bridge_names_free(known, count);
			plan->unknown = true;
		}
	}
	/* They go on as they were, which is not what was asked for. */
	if (!configured && (options->count || json_array_size(plan->list))) {
		diags_move(diags, &passing);
		plan->fine = false;
	}
}

enum exit_status answer_restart(
	const struct options *options, json_t **answer, struct diags *diags)
{
	AUTO(supervisor_query) query = SUPERVISOR_QUERY_INIT;
	struct restart plan = {.list = NULL};
	enum exit_status status = EXIT_UNABLE;

	supervisor_query_for(&query, options);
	if (!supervisor_query_open(&query, QUERY_LIVE | QUERY_BRIEF, diags))
		return EXIT_UNABLE;
	make_plan(&plan, &query, options, diags);
	if (plan.unknown) {
		status = EXIT_NO;
	} else if (!json_array_size(plan.list)) {
		if (plan.fine && answer)
			*answer = json_pack("{s:[]}", "bridges");
		else if (plan.fine && !options->quiet)
			output_note("nothing runs");
		status = open_catalog_status(plan.fine, diags);
	} else {
		status = bring_up(
			CONTROL_RESTART, plan.list, options, answer, diags);
		if (status == EXIT_YES && !plan.fine)
			status = EXIT_NO;
	}
	json_decref(plan.list);
	return status;
}

enum exit_status command_restart(const struct options *options)
{
	AUTO(diags) diags = DIAGS_INIT;
	json_t *answer = NULL;
	enum exit_status status = answer_restart(
		options, options->json ? &answer : NULL, &diags);

	if (answer)
		output_json(answer);
	output_diags(&diags, options->verbose);
	return status;
}
