/*
 * `bridge down`: which bridges are meant, taking them down, and what is said of
 * each.
 */
#include "cmd/bridges/take_down.h"
#include "cmd/context/answer.h"
#include "cmd/context/bridge_names.h"
#include "cmd/context/command.h"
#include "cmd/context/supervisor_query.h"
#include "cmd/ui/output.h"
#include "cmd/ui/table.h"
#include "schema/base/json_line.h"
#include "tunnel/state/state_dir.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct choice {
	json_t *names;   /* array of texts, in the order given */
	json_t *desired; /* what runs, or `up --resume` would bring back */
	bool unknown;
};

static bool is_configured(const char *name, char **known, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(known[i], name))
			return true;
	return false;
}

static void choose(struct choice *choice, const struct supervisor_query *query,
	const struct options *options, struct diags *diags)
{
	char **known = NULL;
	size_t count = 0;
	size_t k;
	json_t *status;

	choice->names = json_array();
	choice->desired = query->client.directory >= 0
				  ? state_desired(query->client.directory)
				  : json_object();
	if (!options->count)
		json_array_foreach(query->bridges, k, status)
		{
			json_t *name = json_object_get(status, "name");

			if (supervisor_query_is_live(status) ||
				!query->client.supervisor_pid ||
				json_object_get(choice->desired,
					json_string_value(name)))
				json_array_append(choice->names, name);
		}
	for (size_t i = 0; i < options->count; i++) {
		const char *name = options->arguments[i];

		if (!supervisor_query_find(query, name) && !known)
			known = supervisor_query_names(query, options, &count);
		if (!supervisor_query_find(query, name) &&
			!is_configured(name, known, count)) {
			bridge_names_unknown(diags, "bridge", name,
				(const char *const *)known, count);
			choice->unknown = true;
			continue;
		}
		if (!bridge_names_is_repeated(options, i))
			json_array_append_new(choice->names, json_string(name));
	}
	bridge_names_free(known, count);
}

static bool take_down(struct supervisor_query *query,
	const struct choice *choice, struct diags *diags)
{
	json_auto_t *live = json_array();
	size_t i;
	json_t *name;

	if (query->client.fd < 0)
		return query->client.directory < 0 ||
		       take_down_leftovers(
			       query->client.directory, choice->names, diags);
	json_array_foreach(choice->names, i, name)
	{
		const char *text = json_string_value(name);
		const json_t *status = supervisor_query_find(query, text);

		if ((status && supervisor_query_is_live(status)) ||
			json_object_get(choice->desired, text))
			json_array_append(live, name);
	}
	return take_down_bridges(&query->client, live, diags);
}

static json_t *to_json(
	const struct supervisor_query *query, const json_t *names)
{
	json_t *list = json_array();
	size_t i;
	json_t *name;

	json_array_foreach(names, i, name)
	{
		const json_t *status = supervisor_query_find(
			query, json_string_value(name));
		bool was_up = status && supervisor_query_is_live(status);

		json_array_append_new(
			list, json_pack("{s:O, s:s, s:b}", "name", name,
				      "state", "stopped", "was_up", was_up));
	}
	return json_pack("{s:o}", "bridges", list);
}

static void print_table(const json_t *bridges)
{
	AUTO(table) table = TABLE_INIT;
	size_t i;
	json_t *bridge;

	table.columns = 3;
	json_array_foreach(bridges, i, bridge)
	{
		bool was_up = json_is_true(json_object_get(bridge, "was_up"));

		table_add(&table, json_text(bridge, "name"));
		table_add_painted(&table, "stopped", PAINT_DIM);
		table_add(&table, was_up ? "" : "(was not up)");
	}
	table_print(&table, stdout);
}

/* One that starts or ends as we come is looked at again, this often. */
enum { TRIES = 3, LOCK_MS = 5000 };

enum { WHAT = QUERY_LEFTOVERS | QUERY_BRIEF };

/*
 * Without a supervisor its files are ours, once the last one has written its
 * last: *lock is held then. A folder that cannot be written to has no lock.
 */
static bool open_to_stop(struct supervisor_query *query, int *lock,
	const struct options *options, struct diags *diags)
{
	for (int i = 0; i < TRIES; i++) {
		supervisor_query_release(query);
		supervisor_query_for(query, options);
		if (!supervisor_query_open(query, WHAT, diags))
			return false;
		if (query->client.fd >= 0 || query->client.directory < 0)
			return true;
		*lock = state_lock(query->client.directory, LOCK_MS);
		if (*lock >= 0 || errno != EWOULDBLOCK)
			return supervisor_query_ask(query, WHAT, diags);
	}
	return diag_error(diags, NULL, RULE_SUPERVISOR,
		"a supervisor is there and does not answer; try again");
}

enum exit_status answer_down(
	const struct options *options, json_t **answer, struct diags *diags)
{
	AUTO(supervisor_query) query = SUPERVISOR_QUERY_INIT;
	AUTO_CLOSE int lock = -1;
	struct choice choice = {.names = NULL};
	enum exit_status status = EXIT_UNABLE;

	if (open_to_stop(&query, &lock, options, diags)) {
		choose(&choice, &query, options, diags);
		if (choice.unknown) {
			status = EXIT_NO;
		} else if (take_down(&query, &choice, diags)) {
			*answer = to_json(&query, choice.names);
			status = EXIT_YES;
		}
	}
	json_decref(choice.names);
	json_decref(choice.desired);
	return status;
}

enum exit_status command_down(const struct options *options)
{
	AUTO(diags) diags = DIAGS_INIT;
	json_auto_t *answer = NULL;
	enum exit_status status = answer_down(options, &answer, &diags);
	const json_t *bridges = json_object_get(answer, "bridges");

	if (answer && options->json)
		output_json(json_incref(answer));
	else if (json_array_size(bridges) && !options->quiet)
		print_table(bridges);
	else if (answer && !options->quiet)
		output_note("nothing runs");
	output_diags(&diags, options->verbose);
	return status;
}
