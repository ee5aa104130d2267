/*
 * `bridge status`: once, or again and again where the output is no terminal.
 */
#include "cmd/bridges/status_choose.h"
#include "cmd/bridges/status_table.h"
#include "cmd/bridges/status_watch.h"
#include "cmd/context/answer.h"
#include "cmd/context/command.h"
#include "cmd/context/defined.h"
#include "cmd/context/supervisor_query.h"
#include "cmd/ui/output.h"
#include "cmd/ui/terminal.h"

#include <string.h>

/* Between two answers of --watch when nothing happens: times go on. */
enum { WATCH_MS = 1000 };

static void append(const json_t *status, void *array)
{
	json_array_append(array, (json_t *)(uintptr_t)status);
}

/* What runs or has run, and what is defined beside that. */
static json_t *everything(const struct supervisor_query *query,
	struct defined *defined, const struct options *options)
{
	json_t *all = json_array();
	size_t i;
	json_t *status;

	defined->take = append;
	defined->data = all;
	defined_begin(defined, options);
	json_array_foreach(query->bridges, i, status)
		defined_take(status, defined);
	defined_end(defined);
	return all;
}

/* How many are shown, and how many of them have run. */
static void say_what_is_missing(const struct client *client, size_t shown,
	size_t ran, const struct options *options)
{
	if (options->quiet)
		return;
	if (!client->supervisor_pid)
		output_note(ran ? "no supervisor runs; this is what the last "
				  "one left"
				: "no supervisor runs; `bridge up` starts it");
	else if (!shown && !options->count)
		output_note("the supervisor has no bridges");
}

static json_t *to_json(const struct supervisor_query *query, json_t *chosen)
{
	long pid = query->client.supervisor_pid;

	return json_pack("{s:o, s:O}", "supervisor_pid",
		pid ? json_integer(pid) : json_null(), "bridges", chosen);
}

static size_t count_that_ran(const json_t *bridges)
{
	size_t count = 0;
	size_t i;
	json_t *status;

	json_array_foreach(bridges, i, status)
		count += json_object_size(
				 json_object_get(status, "last_event")) > 0;
	return count;
}

static void print_answer(const struct supervisor_query *query, json_t *chosen,
	const struct options *options)
{
	if (options->json) {
		output_json(to_json(query, chosen));
		return;
	}
	say_what_is_missing(&query->client, json_array_size(chosen),
		count_that_ran(chosen), options);
	if (json_array_size(chosen))
		status_table_print(chosen);
}

/* All, or those named; false when a name is none. */
static bool choose(json_t **chosen, const struct supervisor_query *query,
	struct defined *defined, const struct options *options,
	struct diags *diags)
{
	if (options->count)
		return status_choose(chosen, query, options, diags);
	*chosen = everything(query, defined, options);
	return true;
}

static enum exit_status show(const struct supervisor_query *query,
	struct defined *defined, const struct options *options,
	struct diags *diags)
{
	json_auto_t *chosen = NULL;
	bool fine = choose(&chosen, query, defined, options, diags);

	print_answer(query, chosen, options);
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
	return QUERY_LEFTOVERS | (options->json ? 0 : QUERY_BRIEF);
}

/* One answer after the other, as long as there is a supervisor. */
static enum exit_status show_again(struct supervisor_query *query,
	struct defined *defined, const struct options *options,
	struct diags *diags)
{
	enum exit_status status = EXIT_YES;
	json_auto_t *reply = NULL;

	if (query->client.fd >= 0 &&
		!client_call(
			&query->client, CONTROL_SUBSCRIBE, NULL, &reply, diags))
		return EXIT_UNABLE;
	for (;;) {
		status = show(query, defined, options, diags);
		if (fflush(stdout) || ferror(stdout))
			return EXIT_UNABLE; /* main() says so */
		if (status != EXIT_YES || query->client.fd < 0 ||
			!wait_for_change(&query->client) ||
			!supervisor_query_ask(query, what(options), diags))
			return status;
	}
}

/* One that ends while we ask is looked for again, this often. */
enum { TRIES = 3 };

/* All of them as a table, each as it comes: there may be a thousand. */
static enum exit_status show_all(struct defined *defined,
	const struct options *options, struct diags *diags)
{
	for (int i = 0; i < TRIES; i++) {
		AUTO(supervisor_query) query = SUPERVISOR_QUERY_INIT;
		AUTO(status_table) table = STATUS_TABLE_INIT;
		AUTO(diags) passing = DIAGS_INIT;

		status_table_begin(&table);
		defined->take = status_table_take;
		defined->data = &table;
		defined_begin(defined, options);
		if (!client_open(&query.client, CLIENT_LOOK, diags))
			return EXIT_UNABLE;
		if (!supervisor_query_each(
			    &query, defined_take, defined, &passing)) {
			if (i + 1 == TRIES)
				diags_move(diags, &passing);
			continue;
		}
		defined_end(defined);
		supervisor_query_note_older(&query.client);
		say_what_is_missing(&query.client, table.bridges,
			table.bridges - defined->shown, options);
		if (table.bridges)
			table_print(&table.table, stdout);
		return EXIT_YES;
	}
	return EXIT_UNABLE;
}

enum exit_status answer_status(
	const struct options *options, json_t **answer, struct diags *diags)
{
	AUTO(supervisor_query) query = SUPERVISOR_QUERY_INIT;
	AUTO(defined) defined = DEFINED_INIT;
	json_auto_t *chosen = NULL;
	bool fine;

	supervisor_query_for(&query, options);
	if (!supervisor_query_open(&query, QUERY_LEFTOVERS, diags))
		return EXIT_UNABLE;
	fine = choose(&chosen, &query, &defined, options, diags);
	diags_move(diags, &defined.diags);
	*answer = to_json(&query, chosen);
	return fine ? EXIT_YES : EXIT_NO;
}

/* On the screen, where there is one. */
static enum exit_status show_on(struct defined *defined,
	const struct options *options, struct diags *diags)
{
	AUTO(supervisor_query) query = SUPERVISOR_QUERY_INIT;

	if (options->watch && !options->json &&
		terminal_can_move(STDOUT_FILENO))
		return status_watch(options, diags);
	if (!options->watch && !options->json && !options->count)
		return show_all(defined, options, diags);
	supervisor_query_for(&query, options);
	if (!supervisor_query_open(&query, what(options), diags))
		return EXIT_UNABLE;
	return options->watch ? show_again(&query, defined, options, diags)
			      : show(&query, defined, options, diags);
}

/* A definition that cannot be read is said, and no answer is lost by it. */
enum exit_status command_status(const struct options *options)
{
	AUTO(diags) diags = DIAGS_INIT;
	AUTO(defined) defined = DEFINED_INIT;
	enum exit_status status = show_on(&defined, options, &diags);

	diags_move(&diags, &defined.diags);
	output_diags(&diags, options->verbose);
	return status;
}
