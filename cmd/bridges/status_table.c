#include "cmd/bridges/status_table.h"

#include "schema/base/json_line.h"

#include <string.h>

/* As people ask for them. */
static const char *const states[STATUS_STATES] = {"connected", "degraded",
	"starting", "reconnecting", "failed", "stopping", "stopped"};

static const struct column columns[] = {
	{"NAME", 24, 0},
	{"STATE", 0, 0},
	{"HEALTH", 0, 5},
	{"UPTIME", 0, 6},
	{"HOST", 12, 4},
	{"REMOTE", 0, 3},
	{"LOCAL", 0, 2},
	{"ACTOR", 10, 1},
	{"LAST EVENT", 16, 7},
};

void status_table_release(struct status_table *table)
{
	table_release(&table->table);
}

void status_table_begin(struct status_table *table)
{
	table_begin(&table->table, columns, COUNT(columns));
}

/* "bridge_connected" as "connected", "hook_failed" as "hook failed". */
static void append_event(struct text *text, const char *event)
{
	static const char common[] = "bridge_";

	if (!strncmp(event, common, sizeof(common) - 1))
		event += sizeof(common) - 1;
	for (; *event; event++)
		text_append_char(text, (char)(*event == '_' ? ' ' : *event));
}

/* For people, who see the state beside it: what it says already is left out. */
static void append_recent(struct text *text, const char *ts, const char *event,
	const char *reason, const char *state)
{
	size_t before = text->length;

	append_event(text, event);
	if (state && !strcmp(text->data + before, state)) {
		text->length = before;
		text->data[before] = '\0';
	} else {
		text_append_char(text, ' ');
	}
	output_ago(text, ts);
	if (reason)
		text_format(text, " (%s)", reason);
}

static void add_last_event(struct table *table, const json_t *status)
{
	const json_t *last = json_object_get(status, "last_event");
	const char *event = json_text(last, "event");
	const char *detail = json_text(last, "detail");
	const char *ts = json_text(last, "ts");
	const char *reason = json_text(last, "reason");
	bool is_bad = event && (!strcmp(event, "bridge_failed") ||
				       !strcmp(event, "bridge_reconnecting") ||
				       !strcmp(event, "health_check_failed"));
	AUTO(text) text = TEXT_INIT;

	if (!event) {
		table_add(table, NULL);
		return;
	}
	if (!ts)
		ts = "";
	if (table->width)
		append_recent(
			&text, ts, event, reason, json_text(status, "state"));
	else
		text_format(&text, "%.19s %s%s%s%s", ts, event,
			reason ? " (" : "", reason ? reason : "",
			reason ? ")" : "");
	if (is_bad && detail && *detail)
		text_format(&text, ": %s", detail);
	table_add(table, text.data);
}

/* "ok", "failing", nothing yet, or no check at all. */
static void add_health(struct table *table, const json_t *status)
{
	const json_t *ok = json_object_get(
		json_object_get(status, "health"), "ok");

	if (!ok)
		table_add(table, NULL);
	else if (json_is_true(ok))
		table_add_painted(table, "ok", PAINT_GOOD);
	else
		table_add_painted(table, "failing", PAINT_WARN);
}

static void add_port(struct table *table, const json_t *port)
{
	if (json_is_integer(port))
		table_add_format(
			table, "%lld", (long long)json_integer_value(port));
	else
		table_add(table, NULL);
}

static void add_local_end(struct table *table, const json_t *status)
{
	const char *host = json_text(status, "local_host");
	const json_t *port = json_object_get(status, "local_port");
	AUTO(text) text = TEXT_INIT;

	if (host || json_is_integer(port))
		output_local_end(&text, host, json_integer_value(port));
	table_add(table, text.data);
}

static void add_time(struct table *table, const json_t *status)
{
	const json_t *uptime = json_object_get(status, "uptime_seconds");
	const json_t *retry = json_object_get(status, "retry_in_seconds");
	AUTO(text) time = TEXT_INIT;

	if (json_is_integer(uptime)) {
		output_duration(&time, json_integer_value(uptime));
	} else if (json_is_integer(retry)) {
		text_append(&time, "retry in ");
		output_duration(&time, json_integer_value(retry));
	} else {
		text_append(&time, "-");
	}
	table_add(table, time.data);
}

void status_table_take(const json_t *status, void *data)
{
	struct status_table *all = data;
	struct table *table = &all->table;
	const char *state = json_text(status, "state");

	for (size_t i = 0; state && i < COUNT(states); i++)
		all->in_state[i] += !strcmp(state, states[i]);
	all->bridges++;
	table_add(table, json_text(status, "name"));
	table_add_painted(table, state, output_state_paint(state));
	add_health(table, status);
	add_time(table, status);
	table_add(table, json_text(status, "host"));
	add_port(table, json_object_get(status, "remote_port"));
	add_local_end(table, status);
	table_add(table, json_text(status, "actor"));
	add_last_event(table, status);
}

void status_table_sum(const struct status_table *table, struct text *text)
{
	const char *before = ": ";

	text_format(text, "%zu bridge%s", table->bridges,
		table->bridges == 1 ? "" : "s");
	for (size_t i = 0; i < COUNT(states); i++) {
		if (!table->in_state[i])
			continue;
		text_format(text, "%s%zu %s", before, table->in_state[i],
			states[i]);
		before = ", ";
	}
}

void status_table_print(const json_t *bridges)
{
	AUTO(status_table) table = STATUS_TABLE_INIT;
	size_t i;
	json_t *status;

	status_table_begin(&table);
	json_array_foreach(bridges, i, status)
		status_table_take(status, &table);
	table_print(&table.table, stdout);
}
