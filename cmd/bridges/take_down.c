#include "cmd/bridges/take_down.h"

#include "cmd/ui/output.h"
#include "schema/base/json_line.h"
#include "tunnel/state/state_dir.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Longer than the supervisor takes to SIGKILL. */
enum { DEADLINE_MS = 15000 };

/* A supervisor that is replaced or ends as we ask is asked again, this often.
 */
enum { TRIES = 10, LOCK_MS = 5000 };

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

static enum stopped ask_all(
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

/* What a supervisor that was killed has left: say the truth there. */
static void clean(int directory, const char *name)
{
	AUTO_FREE char *pid = state_file(name, ".pid");
	AUTO_FREE char *state = state_file(name, ".state");

	unlinkat(directory, pid, 0);
	state_write(directory, state, "stopped\n", 8, true);
}

bool take_down_leftovers(
	int directory, const json_t *names, struct diags *diags)
{
	size_t i;
	json_t *name;

	if (!state_forget(directory, names))
		return diag_errno(diags, NULL, RULE_IO_WRITE,
			"cannot write '%s' in the state directory",
			STATE_DESIRED);
	json_array_foreach(names, i, name)
	{
		const char *text = json_string_value(name);

		if (state_is_known(directory, text))
			clean(directory, text);
	}
	return true;
}

/* It has ended in order, or was killed: what it left is the same after this. */
static bool after_it(
	const struct client *client, const json_t *names, struct diags *diags)
{
	AUTO_CLOSE int lock = -1;
	AUTO(diags) passing = DIAGS_INIT;

	if (client->directory < 0)
		return true;
	lock = state_lock(client->directory, LOCK_MS);
	if (lock < 0 && errno == EWOULDBLOCK)
		return diag_error(diags, NULL, RULE_SUPERVISOR,
			"the supervisor has gone in the middle of it, and "
			"another is there; try again");
	/* They are down, all the same. */
	if (!take_down_leftovers(client->directory, names, &passing))
		output_note("the files in '%s' are not up to date: %s",
			client->path, passing.list[0].message);
	return true;
}

/*
 * The files in the state directory say what we say; where they cannot, that is
 * said. False when the supervisor has gone.
 */
static bool flush(struct client *client)
{
	int64_t deadline = client_now() + DEADLINE_MS;
	AUTO(diags) ignored = DIAGS_INIT;
	json_int_t id = client_send(client, CONTROL_FLUSH, NULL, &ignored);
	enum client_answer answer = id ? CLIENT_MESSAGE : CLIENT_LOST;

	while (answer == CLIENT_MESSAGE) {
		json_auto_t *message = NULL;
		const char *why;

		answer = client_next(client, &message, deadline);
		if (answer != CLIENT_MESSAGE ||
			json_integer_value(json_object_get(message, "id")) !=
				id)
			continue;
		why = json_text(json_object_get(message, "error"), "message");
		if (why)
			output_note("the files in '%s' are not up to date: %s",
				client->path, why);
		return true;
	}
	return answer != CLIENT_LOST;
}

bool take_down_bridges(
	struct client *client, const json_t *names, struct diags *diags)
{
	size_t left;

	if (!json_array_size(names))
		return true;
	for (int i = 0; i < TRIES; i++) {
		switch (ask_all(client, names, &left)) {
		case ALL_STOPPED:
			if (flush(client))
				return true;
			break;
		case TOO_LATE:
			return diag_error(diags, NULL, RULE_SUPERVISOR,
				"%zu bridges have not stopped within %d s",
				left, DEADLINE_MS / 1000);
		case SUPERVISOR_LOST:
			break;
		}
		/*
		 * With its last bridge the supervisor goes, too; or another
		 * program has taken its place, and the bridges go on.
		 */
		client_release(client);
		if (!client_open(client, CLIENT_LOOK, diags))
			return false;
		if (client->fd < 0)
			return after_it(client, names, diags);
	}
	return diag_error(diags, NULL, RULE_SUPERVISOR,
		"the supervisor hangs up again and again; try once more");
}
