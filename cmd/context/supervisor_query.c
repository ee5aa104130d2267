#include "cmd/context/supervisor_query.h"

#include "cmd/context/bridge_names.h"
#include "cmd/ui/output.h"
#include "schema/base/json_line.h"
#include "schema/base/version.h"
#include "tunnel/state/state_dir.h"
#include "tunnel/state/state_status.h"

#include <stdlib.h>
#include <string.h>

/* A supervisor that ends while we ask is looked for again, this often. */
enum { TRIES = 3 };

/* The answer and the connection; what is asked stays. */
static void forget_answer(struct supervisor_query *query)
{
	json_decref(query->bridges);
	query->bridges = NULL;
	client_release(&query->client);
	query->client = (struct client)CLIENT_INIT;
}

void supervisor_query_release(struct supervisor_query *query)
{
	forget_answer(query);
	*query = (struct supervisor_query)SUPERVISOR_QUERY_INIT;
}

void supervisor_query_for(
	struct supervisor_query *query, const struct options *options)
{
	query->only = options->arguments;
	query->only_count = options->count;
	if (options->waiting)
		query->cancel_fd = options->waiting->cancel_fd;
}

static const char *name_of(const json_t *status)
{
	const char *name = json_text(status, "name");

	return name ? name : "";
}

json_t *supervisor_query_find(
	const struct supervisor_query *query, const char *name)
{
	size_t i;
	json_t *status;

	json_array_foreach(query->bridges, i,
		status) if (!strcmp(name_of(status), name)) return status;
	return NULL;
}

bool supervisor_query_is_live(const json_t *status)
{
	return json_is_integer(json_object_get(status, "supervisor_pid"));
}

/*
 * Both lists are in the order of their names: merge them. What was desired is
 * read for leftovers alone: of a thousand bridges it takes as long to parse
 * as all the rest.
 */
static json_t *merge(json_t *live, int directory)
{
	json_auto_t *desired = NULL;
	json_t *merged = json_array();
	size_t count;
	char **names = state_names(directory, &count);
	size_t at = 0;

	for (size_t i = 0; i < count; i++) {
		int order = -1;

		for (; at < json_array_size(live); at++) {
			json_t *status = json_array_get(live, at);

			order = strcmp(name_of(status), names[i]);
			if (order > 0)
				break;
			json_array_append(merged, status);
			if (order == 0) {
				at++;
				break;
			}
		}
		if (!order)
			continue;
		if (!desired)
			desired = state_desired(directory);
		json_array_append_new(
			merged, state_status(directory, names[i], desired));
	}
	for (; at < json_array_size(live); at++)
		json_array_append(merged, json_array_get(live, at));
	bridge_names_free(names, count);
	json_decref(live);
	return merged;
}

/* Of the names asked for, those that no supervisor has, but a state. */
static json_t *add_leftovers(json_t *live, const struct supervisor_query *query)
{
	int directory = query->client.directory;
	json_auto_t *desired = NULL;

	for (size_t i = 0; i < query->only_count; i++) {
		const char *name = query->only[i];

		if (supervisor_query_find(query, name) ||
			!state_is_known(directory, name))
			continue;
		if (!desired)
			desired = state_desired(directory);
		json_array_append_new(
			live, state_status(directory, name, desired));
	}
	return live;
}

/* More than that are asked for as all, and looked through here. */
enum { NAMES_IN_A_QUESTION = 100 };

static json_t *question(const struct supervisor_query *query, unsigned what)
{
	json_t *question = json_pack("{s:b, s:b}", "brief",
		(what & QUERY_BRIEF) != 0, "definitions",
		(what & QUERY_DEFINITIONS) != 0);
	json_t *names = json_array();

	for (size_t i = 0; i < query->only_count; i++)
		json_array_append_new(names, json_string(query->only[i]));
	if (query->only_count && query->only_count <= NAMES_IN_A_QUESTION)
		json_object_set(question, "names", names);
	json_decref(names);
	return question;
}

/* Leftovers, as far as they come before what the supervisor tells. */
struct merging {
	void (*take)(const json_t *status, void *data);
	void *data;
	int directory;
	char **names;
	size_t at, count;
	json_t *desired; /* once it is needed */
};

static void take_leftovers(struct merging *merging, const char *before)
{
	for (; merging->at < merging->count; merging->at++) {
		const char *name = merging->names[merging->at];
		int order = before ? strcmp(name, before) : -1;
		json_auto_t *status = NULL;

		if (order > 0)
			return;
		if (order == 0)
			continue;
		if (!merging->desired)
			merging->desired = state_desired(merging->directory);
		status = state_status(
			merging->directory, name, merging->desired);
		merging->take(status, merging->data);
	}
}

static void take_live(const json_t *status, void *data)
{
	struct merging *merging = data;

	take_leftovers(merging, name_of(status));
	merging->take(status, merging->data);
}

bool supervisor_query_each(struct supervisor_query *query,
	void (*take)(const json_t *status, void *data), void *data,
	struct diags *diags)
{
	struct client *client = &query->client;
	struct merging merging = {
		.take = take, .data = data, .directory = client->directory};
	bool fine = true;

	if (client->directory >= 0)
		merging.names = state_names(client->directory, &merging.count);
	if (client->fd >= 0)
		fine = client_call_each(client, CONTROL_STATUS,
			question(query, QUERY_BRIEF), "bridges", take_live,
			&merging, diags);
	if (fine)
		take_leftovers(&merging, NULL);
	bridge_names_free(merging.names, merging.count);
	json_decref(merging.desired);
	return fine;
}

bool supervisor_query_ask(
	struct supervisor_query *query, unsigned what, struct diags *diags)
{
	struct client *client = &query->client;
	json_auto_t *reply = NULL;

	if (client->fd >= 0 && !client_call(client, CONTROL_STATUS,
				       question(query, what), &reply, diags))
		return false;
	json_decref(query->bridges);
	query->bridges = json_incref(json_object_get(reply, "bridges"));
	if (!query->bridges)
		query->bridges = json_array();
	if (!(what & QUERY_LEFTOVERS) || client->directory < 0)
		return true;
	query->bridges = query->only_count
				 ? add_leftovers(query->bridges, query)
				 : merge(query->bridges, client->directory);
	return true;
}

void supervisor_query_note_older(const struct client *client)
{
	static _Atomic bool said;

	if (said || client->fd < 0 ||
		strverscmp(client->supervisor_version, bridge_version) >= 0)
		return;
	said = true;
	output_note("the running supervisor (pid %ld) is version %s, this is "
		    "%s; `bridge supervise --upgrade` replaces it and keeps "
		    "its tunnels",
		client->supervisor_pid, client->supervisor_version,
		bridge_version);
}

bool supervisor_query_open(
	struct supervisor_query *query, unsigned what, struct diags *diags)
{
	for (int i = 0; i < TRIES; i++) {
		AUTO(diags) passing = DIAGS_INIT;

		query->client.cancel_fd = query->cancel_fd;
		if (!client_open(&query->client, CLIENT_LOOK, diags))
			return false;
		if (supervisor_query_ask(query, what, &passing)) {
			supervisor_query_note_older(&query->client);
			return true;
		}
		forget_answer(query);
		if (i + 1 == TRIES)
			diags_move(diags, &passing);
	}
	return false;
}

static void add_name(
	char ***names, size_t *count, size_t *capacity, const char *name)
{
	*names = own_grow(*names, *count, capacity, sizeof(char *));
	(*names)[(*count)++] = own_strdup(name);
}

char **supervisor_query_names(const struct supervisor_query *query,
	const struct options *options, size_t *count)
{
	AUTO(resolver) resolver = RESOLVER_INIT;
	AUTO(diags) ignored = DIAGS_INIT;
	AUTO(supervisor_query) all = SUPERVISOR_QUERY_INIT;
	char **names = NULL;
	size_t capacity = 0;
	size_t i;
	json_t *status;

	*count = 0;
	if (query->only_count)
		supervisor_query_open(
			&all, QUERY_LEFTOVERS | QUERY_BRIEF, &ignored);
	json_array_foreach(all.bridges ? all.bridges : query->bridges, i,
		status) add_name(&names, count, &capacity, name_of(status));
	if (bridge_names_open(&resolver, options, &ignored)) {
		size_t configured;
		char **more = resolve_names(&resolver, &configured);

		for (size_t k = 0; k < configured; k++)
			add_name(&names, count, &capacity, more[k]);
		bridge_names_free(more, configured);
	}
	return names;
}
