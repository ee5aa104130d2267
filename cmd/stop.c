#include "cmd/stop.h"

/* Longer than the supervisor takes to SIGKILL. */
enum { DEADLINE_MS = 15000 };

/*
 * Wait for the reply to every request that was sent; *gone: the supervisor
 * went with its last bridge, and has written everything.
 */
static bool wait_for(struct client *client, json_int_t last, size_t sent,
	bool *gone, struct diags *diags)
{
	int64_t deadline = client_now() + DEADLINE_MS;

	while (sent) {
		json_t *message;
		enum client_answer answer = client_next(
			client, &message, deadline);
		json_int_t id = json_integer_value(
			json_object_get(message, "id"));

		json_decref(message);
		if (answer == CLIENT_MESSAGE) {
			/* refused: it has gone down meanwhile, all the same */
			if (id > 0 && id <= last)
				sent--;
			continue;
		}
		*gone = answer == CLIENT_LOST;
		if (*gone)
			return true;
		return diag_error(diags, NULL, RULE_SUPERVISOR,
			"%zu bridges have not stopped within %d s", sent,
			DEADLINE_MS / 1000);
	}
	return true;
}

bool stop_bridges(
	struct client *client, const json_t *names, struct diags *diags)
{
	AUTO(diags) passing = DIAGS_INIT;
	json_int_t last = 0;
	size_t sent = 0;
	bool gone = false;
	size_t i;
	json_t *name;
	json_t *reply;

	json_array_foreach(names, i, name)
	{
		json_int_t id = client_send(client, CONTROL_DOWN,
			json_pack("{s:O}", "name", name), &passing);

		/* A supervisor that has gone meanwhile is seen when we wait. */
		sent++;
		if (!id)
			break;
		last = id;
	}
	if (!wait_for(client, last, sent, &gone, diags))
		return false;
	/* The files in the state directory say what we say. */
	if (!gone && last &&
		client_call(client, CONTROL_FLUSH, NULL, &reply, &passing))
		json_decref(reply);
	return true;
}
