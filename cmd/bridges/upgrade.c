#include "cmd/bridges/upgrade.h"

#include "cmd/context/supervisor_query.h"
#include "cmd/ui/output.h"
#include "schema/base/json_line.h"
#include "schema/base/version.h"
#include "tunnel/control/launch.h"
#include "tunnel/state/state_dir.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	TRY_MS = 30000, /* while something is under way there */
	PAUSE_MS = 100,
	BACK_MS = 10000,         /* until the new program answers */
	MAX_WORDS = 1024 * 1024, /* of a command line */
};

enum outcome { DONE, BUSY, REFUSED };

/* It answers only when it could not: the new program hangs up on us. */
static enum outcome ask_once(
	struct client *client, const char *program, struct diags *diags)
{
	AUTO(diags) passing = DIAGS_INIT;
	json_int_t id = client_send(client, CONTROL_UPGRADE,
		json_pack("{s:s}", "program", program), &passing);
	int64_t deadline = client_now() + BACK_MS;

	/* Somebody else replaces it just now: that is what was wanted. */
	if (!id)
		return DONE;
	for (;;) {
		json_auto_t *message = NULL;
		const json_t *error;
		enum client_answer answer = client_next(
			client, &message, deadline);

		if (answer == CLIENT_LOST)
			return DONE;
		if (answer == CLIENT_TIMEOUT) {
			diag_error(diags, NULL, RULE_SUPERVISOR,
				"the supervisor (pid %ld) does not answer",
				client->supervisor_pid);
			return REFUSED;
		}
		if (json_integer_value(json_object_get(message, "id")) != id)
			continue;
		error = json_object_get(message, "error");
		if (!strcmp(json_text_or(error, "code", ""), "busy"))
			return BUSY;
		diag_error(diags, NULL, RULE_SUPERVISOR,
			!strcmp(json_text_or(error, "code", ""), "unknown-op")
				? "this supervisor is too old to be replaced; "
				  "`bridge down` and `bridge up` start a new "
				  "one (%s)"
				: "the supervisor refuses: %s",
			json_text_or(error, "message", ""));
		return REFUSED;
	}
}

static bool replace_program(
	struct client *client, const char *program, struct diags *diags)
{
	int64_t deadline = client_now() + TRY_MS;
	enum outcome outcome;

	while ((outcome = ask_once(client, program, diags)) == BUSY &&
		client_now() < deadline)
		poll(NULL, 0, PAUSE_MS);
	if (outcome == BUSY)
		diag_error(diags, NULL, RULE_SUPERVISOR,
			"the supervisor has been starting or stopping "
			"connections for %d s; try again later",
			TRY_MS / 1000);
	return outcome == DONE;
}

/* The new one may refuse what the old one ran. */
static bool all_are_there(const struct supervisor_query *before,
	const struct supervisor_query *after)
{
	bool all = true;
	size_t i;
	json_t *status;

	json_array_foreach(before->bridges, i, status)
	{
		const char *name = json_text_or(status, "name", "");
		const char *state = json_text_or(status, "state", "");

		if (supervisor_query_find(after, name) ||
			!strcmp(state, "stopping"))
			continue;
		output_error("bridge '%s' does not run any more; `bridge up "
			     "%s` brings it up, '%s/.supervisor.err' may say "
			     "why",
			name, name, after->client.path);
		all = false;
	}
	return all;
}

static enum exit_status report(const struct supervisor_query *query, long pid,
	const struct options *options)
{
	size_t count = json_array_size(query->bridges);
	const char *version = query->client.supervisor_version;
	json_auto_t *desired = query->client.directory >= 0
				       ? state_desired(query->client.directory)
				       : NULL;
	bool wanted = json_object_size(desired) > 0;

	/* It was about to, when its last bridge had been stopped. */
	if (query->client.fd < 0 && !wanted) {
		if (!options->quiet)
			output_note("the supervisor (pid %ld) had nothing to "
				    "run any more, and has ended",
				pid);
		return EXIT_YES;
	}
	if (query->client.fd < 0 || query->client.supervisor_pid != pid) {
		output_error("the supervisor (pid %ld) did not survive it; "
			     "`bridge up --resume` brings its bridges back",
			pid);
		return EXIT_UNABLE;
	}
	if (options->json)
		output_json(json_pack("{s:I, s:s, s:I}", "supervisor_pid",
			(json_int_t)pid, "version", version, "bridges",
			(json_int_t)count));
	else if (!options->quiet)
		printf("the supervisor (pid %ld) runs version %s; %zu bridge%s "
		       "kept\n",
			pid, version, count, count == 1 ? "" : "s");
	return EXIT_YES;
}

enum exit_status upgrade_supervisor(const struct options *options)
{
	AUTO(supervisor_query) before = SUPERVISOR_QUERY_INIT;
	AUTO(supervisor_query) after = SUPERVISOR_QUERY_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	AUTO_FREE char *program = launch_program();
	enum exit_status status = EXIT_UNABLE;
	long pid;

	if (!client_open(&before.client, CLIENT_LOOK, &diags) ||
		!supervisor_query_ask(
			&before, QUERY_LIVE | QUERY_BRIEF, &diags))
		goto done;
	pid = before.client.supervisor_pid;
	if (before.client.fd >= 0 &&
		strverscmp(before.client.supervisor_version, bridge_version) >
			0)
		output_note("version %s is replaced by %s, which is older",
			before.client.supervisor_version, bridge_version);
	if (before.client.fd < 0) {
		output_note("no supervisor runs; `bridge up` starts this "
			    "version's");
		status = EXIT_YES;
	} else if (launch_can_take_over(program, &diags) &&
		   replace_program(&before.client, program, &diags) &&
		   supervisor_query_open(
			   &after, QUERY_LIVE | QUERY_BRIEF, &diags)) {
		status = report(&after, pid, options);
		if (!all_are_there(&before, &after) && status == EXIT_YES)
			status = EXIT_NO;
	}
done:
	output_diags(&diags, options->verbose);
	return status;
}

/* The kernel marks the path of a file that has been replaced. */
static void strip_deleted(char *path)
{
	static const char mark[] = " (deleted)";
	size_t length = strlen(path);

	if (length > sizeof(mark) - 1 &&
		!strcmp(path + length - (sizeof(mark) - 1), mark))
		path[length - (sizeof(mark) - 1)] = '\0';
}

void upgrade_self(void)
{
	AUTO(text) words = TEXT_INIT;
	AUTO_CLOSE int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
	char path[4096];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
	AUTO_FREE char **argv = NULL;
	size_t count = 0;

	if (length <= 0 || fd < 0 || !text_read(&words, fd, MAX_WORDS))
		return;
	path[length] = '\0';
	strip_deleted(path);
	argv = own_realloc(NULL, words.length + 1, sizeof(char *));
	for (size_t at = 0; at < words.length;
		at += strlen(words.data + at) + 1)
		argv[count++] = words.data + at;
	argv[count] = NULL;
	fflush(stdout);
	execv(path, argv);
}
