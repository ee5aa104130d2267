#include "cmd/stop.h"

/* Longer than the supervisor takes to SIGKILL. */
enum { DEADLINE_MS = 15000 };

/* A supervisor that is replaced or ends as we ask is asked again, this often.
 */
enum { TRIES = 10 };

enum stopped { ALL_STOPPED, SUPERVISOR_LOST, TOO_LATE };

/* Wait for the reply to every request that was sent. */
static enum stopped wait_for(
	struct client *client, json_int_t last, size_t *sent)
{
	int64_t deadline = client_now() + DEADLINE_MS;

	while (*sent) {
		json_t *message;
		enum client_answer answer = client_next(
			client, &message, deadline);
		json_int_t id = json_integer_value(
			json_object_get(message, "id"));

		json_decref(message);
		if (answer == CLIENT_LOST)
			return SUPERVISOR_LOST;
		if (answer == CLIENT_TIMEOUT)
			return TOO_LATE;
		/* refused: it has gone down meanwhile, all the same */
		if (id > 0 && id <= last)
			--*sent;
	}
	return ALL_STOPPED;
}

static enum stopped ask(
	struct client *client, const json_t *names, size_t *left)
{
	AUTO(diags) passing = DIAGS_INIT;
	json_int_t last = 0;
	size_t i;
	json_t *name;

	*left = 0;
	json_array_foreach(names, i, name)
	{
		json_int_t id = client_send(client, CONTROL_DOWN,
			json_pack("{s:O}", "name", name), &passing);

		if (!id)
			return SUPERVISOR_LOST;
		last = id;
		++*left;
	}
	return wait_for(client, last, left);
}

/* The files in the state directory say what we say. */
static void flush(struct client *client)
{
	AUTO(diags) passing = DIAGS_INIT;
	json_t *reply;

	if (client_call(client, CONTROL_FLUSH, NULL, &reply, &passing))
		json_decref(reply);
}

bool stop_bridges(
	struct client *client, const json_t *names, struct diags *diags)
{
	size_t left;

	if (!json_array_size(names))
		return true;
	for (int i = 0; i < TRIES; i++) {
		switch (ask(client, names, &left)) {
		case ALL_STOPPED:
			flush(client);
			return true;
		case TOO_LATE:
			return diag_error(diags, NULL, RULE_SUPERVISOR,
				"%zu bridges have not stopped within %d s",
				left, DEADLINE_MS / 1000);
		case SUPERVISOR_LOST:
			break;
		}
		/*
		 * With its last bridge the supervisor goes, too, and has
		 * written everything before it hangs up; or another program
		 * has taken its place, and the bridges go on.
		 */
		client_release(client);
		if (!client_open(client, CLIENT_LOOK, diags))
			return false;
		if (client->fd < 0)
			return true;
	}
	return diag_error(diags, NULL, RULE_SUPERVISOR,
		"the supervisor hangs up again and again; try once more");
}
