#include "cmd/bridges/resume.h"

#include "tunnel/state/state_dir.h"

static json_t *requests(const struct running *running)
{
	json_auto_t *desired = running->client.directory >= 0
				       ? state_desired(
						 running->client.directory)
				       : json_object();
	json_t *list = json_array();
	const char *name;
	json_t *bridge;

	json_object_foreach(desired, name, bridge)
	{
		const json_t *status = running_find(running, name);

		/* Anybody may have written the file. */
		if (!json_is_string(json_object_get(bridge, "name")))
			continue;
		if (!status || !running_is_live(status))
			json_array_append_new(
				list, json_pack("{s:O}", "bridge", bridge));
	}
	return list;
}

json_t *resume_requests(const struct running *running, struct diags *diags)
{
	if (running->client.directory >= 0 &&
		state_desired_is_damaged(running->client.directory))
		diag_error(diags, NULL, RULE_SUPERVISOR,
			"what was wanted cannot be read: see '%s/" STATE_DAMAGED
			"', bring bridges up by name, then remove it",
			running->client.path);
	return requests(running);
}
