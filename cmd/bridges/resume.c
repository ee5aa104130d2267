#include "cmd/bridges/resume.h"

#include "tunnel/state/state_dir.h"

static json_t *requests(const struct supervisor_query *query)
{
	json_auto_t *desired = query->client.directory >= 0
				       ? state_desired(query->client.directory)
				       : json_object();
	json_t *list = json_array();
	const char *name;
	json_t *bridge;

	json_object_foreach(desired, name, bridge)
	{
		const json_t *status = supervisor_query_find(query, name);

		/* Anybody may have written the file. */
		if (!json_is_string(json_object_get(bridge, "name")))
			continue;
		if (!status || !supervisor_query_is_live(status))
			json_array_append_new(
				list, json_pack("{s:O}", "bridge", bridge));
	}
	return list;
}

json_t *resume_requests(
	const struct supervisor_query *query, struct diags *diags)
{
	if (query->client.directory >= 0 &&
		state_desired_is_damaged(query->client.directory))
		diag_error(diags, NULL, RULE_SUPERVISOR,
			"what was wanted cannot be read: see '%s/" STATE_DAMAGED
			"', bring bridges up by name, then remove it",
			query->client.path);
	return requests(query);
}
