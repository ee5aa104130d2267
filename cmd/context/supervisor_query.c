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
static void running_forget(struct running *running)
{
	json_decref(running->bridges);
	running->bridges = NULL;
	client_release(&running->client);
	running->client = (struct client)CLIENT_INIT;
}

void running_release(struct running *running)
{
	running_forget(running);
	*running = (struct running)RUNNING_INIT;
}

void running_for(struct running *running, const struct options *options)
{
	running->only = options->arguments;
	running->only_count = options->count;
	if (options->waiting)
		running->cancel_fd = options->waiting->cancel_fd;
}

static const char *name_of(const json_t *status)
{
	const char *name = json_text(status, "name");

	return name ? name : "";
}

json_t *running_find(const struct running *running, const char *name)
{
	size_t i;
	json_t *status;

	json_array_foreach(running->bridges, i,
		status) if (!strcmp(name_of(status), name)) return status;
	return NULL;
}

bool running_is_live(const json_t *status)
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
	names_free(names, count);
	json_decref(live);
	return merged;
}

/* Of the names asked for, those that no supervisor has, but a state. */
static json_t *add_leftovers(json_t *live, const struct running *running)
{
	int directory = running->client.directory;
	json_auto_t *desired = NULL;

	for (size_t i = 0; i < running->only_count; i++) {
		const char *name = running->only[i];

		if (running_find(running, name) ||
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

static json_t *question(const struct running *running, unsigned what)
{
	json_t *question = json_pack("{s:b, s:b}", "brief",
		(what & RUNNING_BRIEF) != 0, "definitions",
		(what & RUNNING_DEFINITIONS) != 0);
	json_t *names = json_array();

	for (size_t i = 0; i < running->only_count; i++)
		json_array_append_new(names, json_string(running->only[i]));
	if (running->only_count && running->only_count <= NAMES_IN_A_QUESTION)
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

bool running_each(struct running *running,
	void (*take)(const json_t *status, void *data), void *data,
	struct diags *diags)
{
	struct client *client = &running->client;
	struct merging merging = {
		.take = take, .data = data, .directory = client->directory};
	bool fine = true;

	if (client->directory >= 0)
		merging.names = state_names(client->directory, &merging.count);
	if (client->fd >= 0)
		fine = client_call_each(client, CONTROL_STATUS,
			question(running, RUNNING_BRIEF), "bridges", take_live,
			&merging, diags);
	if (fine)
		take_leftovers(&merging, NULL);
	names_free(merging.names, merging.count);
	json_decref(merging.desired);
	return fine;
}

bool running_ask(struct running *running, unsigned what, struct diags *diags)
{
	struct client *client = &running->client;
	json_auto_t *reply = NULL;

	if (client->fd >= 0 && !client_call(client, CONTROL_STATUS,
				       question(running, what), &reply, diags))
		return false;
	json_decref(running->bridges);
	running->bridges = json_incref(json_object_get(reply, "bridges"));
	if (!running->bridges)
		running->bridges = json_array();
	if (!(what & RUNNING_LEFTOVERS) || client->directory < 0)
		return true;
	running->bridges = running->only_count
				   ? add_leftovers(running->bridges, running)
				   : merge(running->bridges, client->directory);
	return true;
}

void running_note_older(const struct client *client)
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

bool running_open(struct running *running, unsigned what, struct diags *diags)
{
	for (int i = 0; i < TRIES; i++) {
		AUTO(diags) passing = DIAGS_INIT;

		running->client.cancel_fd = running->cancel_fd;
		if (!client_open(&running->client, CLIENT_LOOK, diags))
			return false;
		if (running_ask(running, what, &passing)) {
			running_note_older(&running->client);
			return true;
		}
		running_forget(running);
		if (i + 1 == TRIES)
			diags_move(diags, &passing);
	}
	return false;
}

static void add(char ***names, size_t *count, const char *name)
{
	*names = own_realloc(*names, *count + 1, sizeof(char *));
	(*names)[(*count)++] = own_strdup(name);
}

char **running_names(const struct running *running,
	const struct options *options, size_t *count)
{
	AUTO(resolver) resolver = RESOLVER_INIT;
	AUTO(diags) ignored = DIAGS_INIT;
	AUTO(running) all = RUNNING_INIT;
	char **names = NULL;
	size_t i;
	json_t *status;

	*count = 0;
	if (running->only_count)
		running_open(&all, RUNNING_LEFTOVERS | RUNNING_BRIEF, &ignored);
	json_array_foreach(all.bridges ? all.bridges : running->bridges, i,
		status) add(&names, count, name_of(status));
	if (names_open(&resolver, options, &ignored)) {
		size_t configured;
		char **more = resolve_names(&resolver, &configured);

		for (size_t k = 0; k < configured; k++)
			add(&names, count, more[k]);
		names_free(more, configured);
	}
	return names;
}
