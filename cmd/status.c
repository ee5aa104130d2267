#include "cmd/answer.h"
#include "cmd/command.h"
#include "cmd/names.h"
#include "cmd/output.h"
#include "cmd/running.h"

#include <string.h>
#include <unistd.h>

/* Between redraws of --watch when nothing happens: times go on. */
enum { WATCH_REDRAW_MS = 1000 };

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* "since" without its microseconds is enough for a last event. */
static void add_last_event(struct table *table, const json_t *status)
{
	const json_t *last = json_object_get(status, "last_event");
	const char *event = text_of(last, "event");
	const char *detail = text_of(last, "detail");
	const char *ts = text_of(last, "ts");
	const char *reason = text_of(last, "reason");
	bool is_bad = event && (!strcmp(event, "bridge_failed") ||
				       !strcmp(event, "bridge_reconnecting") ||
				       !strcmp(event, "health_check_failed"));

	AUTO(text) text = TEXT_INIT;

	if (!event) {
		table_add(table, NULL);
		return;
	}
	text_format(&text, "%.19s %s", ts ? ts : "", event);
	if (reason)
		text_format(&text, " (%s)", reason);
	if (is_bad && detail)
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

static void add_row(struct table *table, const json_t *status)
{
	const char *state = text_of(status, "state");
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
	table_add(table, text_of(status, "name"));
	table_add_painted(table, state, output_state_paint(state));
	add_health(table, status);
	table_add(table, time.data);
	table_add(table, text_of(status, "host"));
	add_port(table, json_object_get(status, "remote_port"));
	add_port(table, json_object_get(status, "local_port"));
	table_add(table, text_of(status, "actor"));
	add_last_event(table, status);
}

static void begin_table(struct table *table)
{
	static const char *const head[] = {"NAME", "STATE", "HEALTH", "UPTIME",
		"HOST", "REMOTE", "LOCAL", "ACTOR", "LAST EVENT"};

	table_begin(table, head, COUNT(head));
}

static void print_table(const json_t *bridges)
{
	AUTO(table) table = TABLE_INIT;
	size_t i;
	json_t *status;

	begin_table(&table);
	json_array_foreach(bridges, i, status) add_row(&table, status);
	table_print(&table, stdout);
}

/* What is configured and has never run is stopped, and is no mistake. */
static json_t *configured(const struct options *options, const char *name)
{
	AUTO(resolver) resolver = RESOLVER_INIT;
	AUTO(diags) ignored = DIAGS_INIT;
	AUTO(bridge) bridge = BRIDGE_INIT;
	bool found = false;
	json_t *status;

	if (!names_open(&resolver, options, &ignored) ||
		!resolve_bridge(&resolver, name, &bridge, &found, &ignored) ||
		!found)
		return NULL;
	status = bridge_to_json(&bridge, false);
	json_object_set_new(status, "state", json_string("stopped"));
	json_object_set_new(status, "uptime_seconds", json_null());
	json_object_set_new(status, "pid", json_null());
	json_object_set_new(status, "supervisor_pid", json_null());
	return status;
}

/* All, or those named; false when a name is none. */
static bool choose(json_t **chosen, const struct running *running,
	const struct options *options, struct diags *diags)
{
	bool fine = true;

	if (!options->count) {
		*chosen = json_incref(running->bridges);
		return true;
	}
	*chosen = json_array();
	for (size_t i = 0; i < options->count; i++) {
		const char *name = options->arguments[i];
		json_t *status = json_incref(running_find(running, name));
		size_t count;
		char **known;

		if (!status)
			status = configured(options, name);
		if (status) {
			json_array_append_new(*chosen, status);
			continue;
		}
		known = running_names(running, options, &count);
		fine = names_unknown(diags, "bridge", name,
			(const char *const *)known, count);
		names_free(known, count);
	}
	return fine;
}

static void say_what_is_missing(
	const struct client *client, bool any, const struct options *options)
{
	if (options->quiet)
		return;
	if (!client->supervisor_pid)
		output_note(any ? "no supervisor runs; this is what the last "
				  "one left"
				: "no supervisor runs");
	else if (!any && !options->count)
		output_note("the supervisor has no bridges");
}

static json_t *to_json(const struct running *running, json_t *chosen)
{
	long pid = running->client.supervisor_pid;

	return json_pack("{s:o, s:O}", "supervisor_pid",
		pid ? json_integer(pid) : json_null(), "bridges", chosen);
}

static void print_answer(const struct running *running, json_t *chosen,
	const struct options *options)
{
	if (options->json) {
		output_json(to_json(running, chosen));
		return;
	}
	say_what_is_missing(
		&running->client, json_array_size(chosen) > 0, options);
	if (json_array_size(chosen))
		print_table(chosen);
}

static enum exit_status show(const struct running *running,
	const struct options *options, struct diags *diags)
{
	json_auto_t *chosen = NULL;
	bool fine = choose(&chosen, running, options, diags);

	print_answer(running, chosen, options);
	return fine ? EXIT_YES : EXIT_NO;
}

/* Wait for an event or a second, swallowing what else has come. */
static bool wait_for_change(struct client *client)
{
	int64_t deadline = client_now() + WATCH_REDRAW_MS;

	for (;;) {
		json_t *message;
		enum client_answer answer = client_next(
			client, &message, deadline);

		json_decref(message);
		if (answer == CLIENT_LOST)
			return false;
		if (answer == CLIENT_TIMEOUT)
			return true;
		deadline = client_now();
	}
}

static unsigned what(const struct options *options)
{
	return RUNNING_LEFTOVERS | (options->json ? 0 : RUNNING_BRIEF);
}

/* On a terminal in place, elsewhere one answer after the other. */
static enum exit_status watch(struct running *running,
	const struct options *options, struct diags *diags)
{
	bool in_place = isatty(STDOUT_FILENO) && !options->json;
	enum exit_status status = EXIT_YES;
	json_t *reply = NULL;

	if (running->client.fd >= 0 &&
		!client_call(&running->client, CONTROL_SUBSCRIBE, NULL, &reply,
			diags))
		return EXIT_UNABLE;
	json_decref(reply);
	for (;;) {
		if (in_place)
			fputs("\033[H\033[J", stdout);
		status = show(running, options, diags);
		fflush(stdout);
		if (status != EXIT_YES || running->client.fd < 0 ||
			!wait_for_change(&running->client) ||
			!running_ask(running, what(options), diags))
			return status;
	}
}

static void add_to_table(const json_t *status, void *data)
{
	add_row(data, status);
}

/* One that ends while we ask is looked for again, this often. */
enum { TRIES = 3 };

/* All of them as a table, each as it comes: there may be a thousand. */
static enum exit_status show_all(
	const struct options *options, struct diags *diags)
{
	for (int i = 0; i < TRIES; i++) {
		AUTO(running) running = RUNNING_INIT;
		AUTO(table) table = TABLE_INIT;
		AUTO(diags) passing = DIAGS_INIT;

		begin_table(&table);
		if (!client_open(&running.client, CLIENT_LOOK, diags))
			return EXIT_UNABLE;
		if (!running_each(&running, add_to_table, &table, &passing)) {
			if (i + 1 == TRIES)
				diags_move(diags, &passing);
			continue;
		}
		running_note_older(&running.client);
		say_what_is_missing(
			&running.client, table.rows > table.columns, options);
		if (table.rows > table.columns)
			table_print(&table, stdout);
		return EXIT_YES;
	}
	return EXIT_UNABLE;
}

enum exit_status answer_status(
	const struct options *options, json_t **answer, struct diags *diags)
{
	AUTO(running) running = RUNNING_INIT;
	json_auto_t *chosen = NULL;
	bool fine;

	running.only = options->arguments;
	running.only_count = options->count;
	if (!running_open(&running, RUNNING_LEFTOVERS, diags))
		return EXIT_UNABLE;
	fine = choose(&chosen, &running, options, diags);
	*answer = to_json(&running, chosen);
	return fine ? EXIT_YES : EXIT_NO;
}

enum exit_status command_status(const struct options *options)
{
	AUTO(running) running = RUNNING_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	enum exit_status status = EXIT_UNABLE;

	running.only = options->arguments;
	running.only_count = options->count;
	if (!options->watch && !options->json && !options->count)
		status = show_all(options, &diags);
	else if (running_open(&running, what(options), &diags))
		status = options->watch ? watch(&running, options, &diags)
					: show(&running, options, &diags);
	output_diags(&diags, options->verbose);
	return status;
}
