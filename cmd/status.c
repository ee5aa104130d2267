#include "cmd/status.h"
#include "cmd/answer.h"
#include "cmd/command.h"
#include "cmd/names.h"
#include "cmd/output.h"
#include "cmd/running.h"
#include "cmd/terminal.h"

#include <string.h>

/* Between two answers of --watch when nothing happens: times go on. */
enum { WATCH_MS = 1000 };

/*
 * What is configured and has never run is stopped, and is no mistake; what is
 * wrong with it otherwise goes to `diags`.
 */
static json_t *configured(
	const struct options *options, const char *name, struct diags *diags)
{
	AUTO(resolver) resolver = RESOLVER_INIT;
	AUTO(diags) findings = DIAGS_INIT;
	AUTO(bridge) bridge = BRIDGE_INIT;
	bool found = false;
	json_t *status;

	if (!names_open(&resolver, options, &findings))
		return NULL;
	if (!resolve_bridge(&resolver, name, &bridge, &found, &findings)) {
		if (found)
			diags_move(diags, &findings);
		return NULL;
	}
	if (!found)
		return NULL;
	status = bridge_to_json(&bridge, false);
	json_object_set_new(status, "state", json_string("stopped"));
	json_object_set_new(status, "uptime_seconds", json_null());
	json_object_set_new(status, "pid", json_null());
	json_object_set_new(status, "supervisor_pid", json_null());
	return status;
}

/* All, or those named; false when a name is none. */
bool status_choose(json_t **chosen, const struct running *running,
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
		unsigned before = diags->errors;
		size_t count;
		char **known;

		if (names_is_repeated(options, i)) {
			json_decref(status);
			continue;
		}
		if (!status)
			status = configured(options, name, diags);
		if (status) {
			json_array_append_new(*chosen, status);
			continue;
		}
		if (diags->errors > before) {
			fine = false;
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
				: "no supervisor runs; `bridge up` starts it");
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
		status_print(chosen);
}

static enum exit_status show(const struct running *running,
	const struct options *options, struct diags *diags)
{
	json_auto_t *chosen = NULL;
	bool fine = status_choose(&chosen, running, options, diags);

	print_answer(running, chosen, options);
	return fine ? EXIT_YES : EXIT_NO;
}

/* Wait for an event or a second, swallowing what else has come. */
static bool wait_for_change(struct client *client)
{
	int64_t deadline = client_now() + WATCH_MS;

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

/* One answer after the other, as long as there is a supervisor. */
static enum exit_status watch(struct running *running,
	const struct options *options, struct diags *diags)
{
	enum exit_status status = EXIT_YES;
	json_auto_t *reply = NULL;

	if (running->client.fd >= 0 &&
		!client_call(&running->client, CONTROL_SUBSCRIBE, NULL, &reply,
			diags))
		return EXIT_UNABLE;
	for (;;) {
		status = show(running, options, diags);
		if (fflush(stdout) || ferror(stdout))
			return EXIT_UNABLE; /* main() says so */
		if (status != EXIT_YES || running->client.fd < 0 ||
			!wait_for_change(&running->client) ||
			!running_ask(running, what(options), diags))
			return status;
	}
}

/* One that ends while we ask is looked for again, this often. */
enum { TRIES = 3 };

/* All of them as a table, each as it comes: there may be a thousand. */
static enum exit_status show_all(
	const struct options *options, struct diags *diags)
{
	for (int i = 0; i < TRIES; i++) {
		AUTO(running) running = RUNNING_INIT;
		AUTO(status_table) table = STATUS_TABLE_INIT;
		AUTO(diags) passing = DIAGS_INIT;

		status_table_begin(&table);
		if (!client_open(&running.client, CLIENT_LOOK, diags))
			return EXIT_UNABLE;
		if (!running_each(
			    &running, status_table_take, &table, &passing)) {
			if (i + 1 == TRIES)
				diags_move(diags, &passing);
			continue;
		}
		running_note_older(&running.client);
		say_what_is_missing(
			&running.client, table.bridges > 0, options);
		if (table.bridges)
			table_print(&table.table, stdout);
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

	running_for(&running, options);
	if (!running_open(&running, RUNNING_LEFTOVERS, diags))
		return EXIT_UNABLE;
	fine = status_choose(&chosen, &running, options, diags);
	*answer = to_json(&running, chosen);
	return fine ? EXIT_YES : EXIT_NO;
}

/* On the screen, where there is one. */
static enum exit_status show_on(
	const struct options *options, struct diags *diags)
{
	AUTO(running) running = RUNNING_INIT;

	if (options->watch && !options->json &&
		terminal_can_move(STDOUT_FILENO))
		return status_watch(options, diags);
	if (!options->watch && !options->json && !options->count)
		return show_all(options, diags);
	running_for(&running, options);
	if (!running_open(&running, what(options), diags))
		return EXIT_UNABLE;
	return options->watch ? watch(&running, options, diags)
			      : show(&running, options, diags);
}

enum exit_status command_status(const struct options *options)
{
	AUTO(diags) diags = DIAGS_INIT;
	enum exit_status status = show_on(options, &diags);

	output_diags(&diags, options->verbose);
	return status;
}
