#include "cmd/catalog.h"
#include "cmd/command.h"
#include "cmd/key_file.h"
#include "cmd/names.h"
#include "cmd/output.h"
#include "cmd/resume.h"
#include "cmd/running.h"
#include "cmd/settle.h"

/* One that is named must be enabled; of all, disabled ones are left out. */
static bool is_wanted(const struct bridge *bridge, bool named, bool *fine,
	struct diags *diags)
{
	if (bridge->enabled)
		return true;
	if (named)
		*fine = diag_error(diags, NULL, RULE_BRIDGE_INCOMPLETE,
			"bridge '%s' is disabled by %s; set enabled: true to "
			"bring it up",
			bridge->name, bridge->set_by[BRIDGE_enabled]);
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

static enum exit_status resume(const struct options *options)
{
	AUTO(running) running = RUNNING_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	json_auto_t *list = NULL;
	enum exit_status status = EXIT_UNABLE;

	if (options->count || options->domain) {
		output_error("--resume takes no names and no --domain");
		return EXIT_USAGE;
	}
	if (running_open(&running, RUNNING_LIVE | RUNNING_BRIEF, &diags)) {
		list = resume_requests(&running);
		status = EXIT_YES;
		if (json_array_size(list))
			status = settle(CONTROL_UP, list, options, &diags);
		else if (options->json)
			output_json(json_pack("{s:[]}", "bridges"));
		else if (!options->quiet)
			output_note("there is nothing to resume");
	}
	output_diags(&diags, options->verbose);
	return status;
}

enum exit_status command_up(const struct options *options)
{
	AUTO(resolver) resolver = RESOLVER_INIT;
	AUTO(bridges) bridges = BRIDGES_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	json_auto_t *list = NULL;
	enum exit_status status = EXIT_UNABLE;
	bool unknown = false;
	bool fine = true;

	if (options->resume)
		return resume(options);
	if (!names_open(&resolver, options, &diags)) {
		output_diags(&diags, options->verbose);
		return EXIT_UNABLE;
	}
	if (!names_resolve(&resolver, options, &bridges, &unknown, &diags))
		fine = false;
	list = requests(&bridges, options->count > 0, &fine, &diags);
	if (resolver.catalog_failed || catalog_could_not_run(&diags))
		fine = false;
	output_diags(&diags, options->verbose);
	if (unknown)
		return EXIT_NO;
	if (!json_array_size(list)) {
		if (fine && !options->quiet)
			output_note("there is nothing to bring up");
		if (options->json)
			output_json(json_pack("{s:[]}", "bridges"));
		return resolver.catalog_failed ? EXIT_UNABLE
					       : catalog_status(fine, &diags);
	}
	diags_release(&diags);
	status = settle(CONTROL_UP, list, options, &diags);
	output_diags(&diags, options->verbose);
	return status == EXIT_YES && !fine ? EXIT_NO : status;
}
