#include "tunnel/state/state_status.h"

#include "schema/base/alloc.h"
#include "tunnel/state/audit_log.h"
#include "tunnel/state/state_dir.h"

#include <string.h>

json_t *state_status(int directory, const char *name, const json_t *desired)
{
	AUTO_FREE char *file = state_file(name, ".state");
	AUTO_FREE char *word = state_read(directory, file, 64);
	const json_t *definition = json_object_get(desired, name);
	json_t *last = audit_log_last(directory, name);
	json_t *status = json_is_object(definition)
				 ? json_copy((json_t *)(uintptr_t)definition)
				 : json_object();
	const char *state = word && !strcmp(word, "failed") ? word : "stopped";

	json_object_set_new(status, "name", json_string(name));
	json_object_set_new(status, "state", json_string(state));
	json_object_set_new(status, "uptime_seconds", json_null());
	json_object_set_new(status, "pid", json_null());
	json_object_set_new(status, "supervisor_pid", json_null());
	if (json_is_object(last)) {
		json_t *event = json_object();

		json_object_set(event, "ts", json_object_get(last, "ts"));
		json_object_set(event, "event", json_object_get(last, "event"));
		json_object_set(
			event, "detail", json_object_get(last, "detail"));
		json_object_set(event, "reason",
			json_object_get(last, "reason")
				? json_object_get(last, "reason")
				: json_null());
		json_object_set_new(status, "last_event", event);
		json_object_set(status, "since", json_object_get(last, "ts"));
		if (!json_object_get(status, "actor"))
			json_object_set(status, "actor",
				json_object_get(last, "actor"));
	}
	json_decref(last);
	return status;
}
