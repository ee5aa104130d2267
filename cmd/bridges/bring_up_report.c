#include "cmd/bridges/bring_up_report.h"

#include "cmd/ui/output.h"
#include "cmd/ui/table.h"
#include "schema/base/json_line.h"

#include <string.h>

bool bring_up_entry_is_up(const struct bring_up_entry *entry)
{
	const char *state = json_text(entry->status, "state");

	return state &&
	       (!strcmp(state, "connected") || !strcmp(state, "degraded"));
}

/* Has the first attempt had its result? */
bool bring_up_entry_has_result(const struct bring_up_entry *entry)
{
	const char *state = json_text(entry->status, "state");

	return bring_up_entry_is_up(entry) ||
	       (state && (!strcmp(state, "reconnecting") ||
				 !strcmp(state, "failed")));
}

/* Somebody else took it down meanwhile. */
bool bring_up_entry_is_stopped(const struct bring_up_entry *entry)
{
	const char *state = json_text(entry->status, "state");

	return !entry->restarts && state && !strcmp(state, "stopped");
}

/* "already up", why it is not, where it goes. */
static void describe(
	struct text *text, const struct bring_up_entry *entry, bool gone)
{
	const json_t *last = json_object_get(entry->status, "last_event");
	const char *detail = json_text(last, "detail");

	if (entry->refusal) {
		text_append(text, entry->refusal);
	} else if (bring_up_entry_is_up(entry)) {
		text_format(text, "%s:%lld -> ",
			json_text(entry->status, "host"),
			(long long)json_integer_value(
				json_object_get(entry->status, "remote_port")));
		output_local_end(text, json_text(entry->status, "local_host"),
			json_integer_value(
				json_object_get(entry->status, "local_port")));
		if (entry->already)
			text_append(text, " (was up already)");
	} else if (bring_up_entry_is_stopped(entry)) {
		text_append(text, gone ? "the supervisor has ended meanwhile"
				       : "taken down meanwhile");
	} else if (!bring_up_entry_has_result(entry)) {
		text_append(text, "no answer yet; the supervisor goes on "
				  "trying");
	} else if (detail) {
		text_append(text, detail);
	}
}

void bring_up_report_print(const struct bring_up *settling)
{
	AUTO(table) table = TABLE_INIT;

	table.columns = 3;
	for (size_t i = 0; i < settling->count; i++) {
		const struct bring_up_entry *entry = &settling->entries[i];
		const char *state = entry->refusal
					    ? "refused"
					    : json_text(entry->status, "state");
		AUTO(text) text = TEXT_INIT;

		if (!state)
			state = "starting";
		describe(&text, entry, settling->gone);
		table_add(&table, entry->name);
		table_add_painted(&table, state, output_state_paint(state));
		table_add(&table, text.data);
	}
	table_print(&table, stdout);
}

void bring_up_report_say_older(const struct bring_up *settling)
{
	for (size_t i = 0; i < settling->count; i++)
		if (settling->entries[i].changed)
			output_note("'%s' runs with an older definition; "
				    "`bridge restart %s` applies the new one",
				settling->entries[i].name,
				settling->entries[i].name);
}

json_t *bring_up_report_json(const struct bring_up *settling)
{
	json_t *list = json_array();

	for (size_t i = 0; i < settling->count; i++) {
		const struct bring_up_entry *entry = &settling->entries[i];
		json_t *status = entry->status ? json_incref(entry->status)
					       : json_pack("{s:s}", "name",
							 entry->name);

		if (entry->refusal)
			json_object_set_new(
				status, "error", json_string(entry->refusal));
		if (entry->changed)
			json_object_set_new(
				status, "older_definition", json_true());
		json_array_append_new(list, status);
	}
	return list;
}
