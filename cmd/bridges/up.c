/*
 * `bridge up`: the definitions of the bridges that are meant, handed to the
 * supervisor; with --resume those that ran before.
 */
#include "cmd/bridges/bring_up.h"
#include "cmd/bridges/resume.h"
#include "cmd/context/answer.h"
#include "cmd/context/bridge_names.h"
#include "cmd/context/command.h"
#include "cmd/context/key_file.h"
#include "cmd/context/open_catalog.h"
#include "cmd/context/supervisor_query.h"
#include "cmd/ui/output.h"

/* One that is named must be enabled; of all, disabled ones are left out. */
static bool is_wanted(const struct bridge *bridge, bool named, bool *fine,
	struct diags *diags)
{
	if (bridge->enabled)
		return true;
	if (named)
		*fine = bridge_names_disabled(bridge, diags);
	return false;
}

static json_t *requests(const struct bridges *bridges, bool named, bool *fine,
	struct diags *diags)
{
	json_t *list = json_array();

	for (size_t i = 0; i < bridges->count; i++) {
		const struct bridge *bridge = &bridges->list[i];

		if (!is_wanted(bridge, named, fine, diags))
			continue;
		if (!key_file_check(bridge, diags)) {
			*fine = false;
			continue;
		}
		json_array_append_new(
			list, json_pack("{s:o}", "bridge",
				      bridge_to_json(bridge, false)));
	}
	return list;
}

static json_t *no_bridges(void)
{
	return json_pack("{s:[]}", "bridges");
}

static enum exit_status resume(
	const struct options *options, json_t **answer, struct diags *diags)
{
	AUTO(supervisor_query) query = SUPERVISOR_QUERY_INIT;
	json_auto_t *list = NULL;

	if (options->count || options->domain) {
		output_error("--resume takes no names and no --domain");
		return EXIT_USAGE;
	}
	if (!supervisor_query_open(&query, QUERY_LIVE | QUERY_BRIEF, diags))
		return EXIT_UNABLE;
	list = resume_requests(&query, diags);
	if (diags->errors)
		return EXIT_UNABLE;
	if (json_array_size(list))
		return bring_up(CONTROL_UP, list, options, answer, diags);
	if (answer)
		*answer = no_bridges();
	else if (!options->quiet)
		output_note("there is nothing to resume");
	return EXIT_YES;
}

enum exit_status answer_up(
	const struct options *options, json_t **answer, struct diags *diags)
{
	AUTO(resolver) resolver = RESOLVER_INIT;
	AUTO(bridges) bridges = BRIDGES_INIT;
	json_auto_t *list = NULL;
	enum exit_status status;
	bool unknown = false;
	bool fine = true;

	if (options->resume)
		return resume(options, answer, diags);
	if (!bridge_names_open(&resolver, options, diags))
		return EXIT_UNABLE;
	if (!bridge_names_resolve(
		    &resolver, options, &bridges, &unknown, diags))
		fine = false;
	list = requests(&bridges, options->count > 0, &fine, diags);
	if (resolver.catalog_failed || open_catalog_could_not_run(diags))
		fine = false;
	if (unknown)
		return EXIT_NO;
	if (!json_array_size(list)) {
		if (fine && !options->quiet)
			output_note("there is nothing to bring up");
		if (answer)
			*answer = no_bridges();
		return resolver.catalog_failed
			       ? EXIT_UNABLE
			       : open_catalog_status(fine, diags);
	}
	/* What is wrong with others is said before the waiting. */
	if (!answer) {
		output_diags(diags, options->verbose);
		diags_release(diags);
		*diags = (struct diags)DIAGS_INIT;
	}
	status = bring_up(CONTROL_UP, list, options, answer, diags);
	return status == EXIT_YES && !fine ? EXIT_NO : status;
}

enum exit_status command_up(const struct options *options)
{
	AUTO(diags) diags = DIAGS_INIT;
	json_t *answer = NULL;
	enum exit_status status = answer_up(
		options, options->json ? &answer : NULL, &diags);

	output_diags(&diags, options->verbose);
	if (answer)
		output_json(answer);
	return status;
}
