/*
 * `bridge apply`: make a plan of what runs and what is defined, show it, carry
 * it out.
 */
#include "cmd/bridges/plan.h"
#include "cmd/context/bridge_names.h"
#include "cmd/context/command.h"
#include "cmd/context/open_catalog.h"
#include "cmd/ui/output.h"

static void print_plan(const struct plan *plan, const struct options *options)
{
	size_t kept = 0;
	size_t left = 0;

	if (options->json || options->quiet)
		return;
	for (size_t i = 0; i < plan->count; i++) {
		kept += plan->rows[i].action == PLAN_KEEP;
		left += plan->rows[i].action == PLAN_LEAVE;
	}
	plan_print(plan, options->verbose);
	if (plan_is_empty(plan))
		output_note(left || !plan->fine
				    ? "nothing is to be done"
				    : "nothing to do: what runs is what is "
				      "defined");
	else if (kept)
		output_note("%zu %s not touched", kept,
			kept == 1 ? "bridge is" : "bridges are");
}

static enum exit_status apply(const struct plan *plan,
	struct supervisor_query *query, const struct options *options,
	struct diags *diags)
{
	bool act = !options->dry_run;
	json_t *bridges = NULL;
	enum exit_status status = EXIT_YES;

	print_plan(plan, options);
	if (act)
		status = plan_carry_out(plan, query, options,
			options->json ? &bridges : NULL, diags);
	if (options->json)
		output_json(
			json_pack("{s:o, s:b, s:o}", "plan", plan_json(plan),
				"applied", act && status != EXIT_UNABLE,
				"bridges", bridges ? bridges : json_array()));
	return status == EXIT_YES && !plan->fine ? EXIT_NO : status;
}

enum exit_status command_apply(const struct options *options)
{
	AUTO(resolver) resolver = RESOLVER_INIT;
	AUTO(supervisor_query) query = SUPERVISOR_QUERY_INIT;
	AUTO(plan) plan = PLAN_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	enum exit_status status = EXIT_UNABLE;
	bool made = bridge_names_open(&resolver, options, &diags) &&
		    supervisor_query_open(&query,
			    QUERY_LIVE | QUERY_BRIEF | QUERY_DEFINITIONS,
			    &diags) &&
		    plan_make(&plan, &resolver, &query, options->prune, &diags);

	output_diags(&diags, options->verbose);
	diags_release(&diags);
	if (made)
		status = apply(&plan, &query, options, &diags);
	output_diags(&diags, options->verbose);
	return status;
}
