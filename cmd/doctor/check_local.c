#include "cmd/doctor/check_local.h"

#include "cmd/context/key_file.h"
#include "cmd/doctor/check_route.h"
#include "cmd/doctor/run_probe.h"
#include "cmd/ui/output.h"
#include "schema/base/json_line.h"
#include "tunnel/control/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { TOOL_MS = 5000, MAX_ENVIRONMENT = 1024 * 1024 };

static bool is_state(const struct subject *subject, const char *state)
{
	return !strcmp(json_text_or(subject->status, "state", ""), state);
}

/* The fields in which what runs differs from what is defined. */
static bool differs(const struct subject *subject, struct text *fields)
{
	AUTO(bridge) runs = BRIDGE_INIT;
	AUTO(diags) ignored = DIAGS_INIT;
	json_auto_t *changes = NULL;
	size_t i;
	json_t *change;

	if (!bridge_from_json(&runs,
		    json_object_get(subject->status, "definition"), &ignored))
		return false;
	changes = bridge_differences(&runs, subject->bridge);
	json_array_foreach(changes, i, change) text_format(fields, "%s%s",
		i ? ", " : "", json_text_or(change, "field", ""));
	return json_array_size(changes) > 0;
}

enum verdict check_local_running(
	struct subject *subject, struct text *found, struct text *fix)
{
	const json_t *last = json_object_get(subject->status, "last_event");
	AUTO(text) fields = TEXT_INIT;

	if (!subject->bridge->enabled) {
		text_format(found, "disabled by %s",
			subject->bridge->set_by[BRIDGE_enabled]);
		text_append(fix, "enabled: true");
		return VERDICT_SKIPPED;
	}
	if (!subject->status) {
		text_append(found, subject->unanswered ? "no supervisor answers"
				   : subject->query->client.fd < 0
					   ? "no supervisor runs"
					   : "the supervisor does not run it");
		if (subject->unanswered)
			return VERDICT_SKIPPED;
		text_format(fix, "bridge up %s", subject->bridge->name);
		return VERDICT_SKIPPED;
	}
	text_append(found, json_text_or(subject->status, "state", ""));
	if (differs(subject, &fields)) {
		text_format(found,
			", with another definition than there is now: %s",
			fields.data);
		text_format(fix, "bridge apply, or bridge restart %s",
			subject->bridge->name);
		return VERDICT_WARNING;
	}
	if (is_state(subject, "connected"))
		return VERDICT_OK;
	if (*json_text_or(last, "detail", ""))
		text_format(found, ": %s", json_text_or(last, "detail", ""));
	if (!is_state(subject, "failed"))
		return VERDICT_WARNING;
	text_append(found, "; it is not tried again");
	text_format(fix, "bridge restart %s", subject->bridge->name);
	return VERDICT_FAILURE;
}

enum { MAX_NAMED = 20 };

/* What runs, for a command that brings it up again. */
static void append_running(
	struct text *text, const struct supervisor_query *query)
{
	size_t i;
	json_t *status;

	if (json_array_size(query->bridges) > MAX_NAMED) {
		text_append(text, " and the names that `bridge status` shows");
		return;
	}
	json_array_foreach(query->bridges, i, status)
		text_format(text, " %s", json_text_or(status, "name", ""));
}

/* The agent that the supervisor's ssh would ask is that of its environment. */
static bool supervisor_has_agent(long pid, const char *agent)
{
	AUTO(text) path = TEXT_INIT;
	AUTO(text) all = TEXT_INIT;
	AUTO(text) wanted = TEXT_INIT;
	AUTO_CLOSE int fd = -1;

	text_format(&path, "/proc/%ld/environ", pid);
	text_format(&wanted, "SSH_AUTH_SOCK=%s", agent);
	fd = open(path.data, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || !text_read(&all, fd, MAX_ENVIRONMENT))
		return true;
	for (size_t at = 0; at < all.length; at += strlen(all.data + at) + 1)
		if (!strcmp(all.data + at, wanted.data))
			return true;
	return false;
}

/* "256 SHA256:... comment (ED25519)": the second word; malloc'd, or NULL. */
static char *fingerprint(const char *key)
{
	const char *argv[] = {"ssh-keygen", "-l", "-f", key, NULL};
	AUTO(probe) probe = PROBE_INIT;
	const char *start;

	probe.argv = argv;
	probe.timeout_ms = TOOL_MS;
	probe_run(&probe);
	start = probe.out.length ? strchr(probe.out.data, ' ') : NULL;
	if (probe.status || !start)
		return NULL;
	start++;
	return own_strndup(start, strcspn(start, " \n"));
}

enum agent { AGENT_HOLDS_IT, AGENT_LACKS_IT, AGENT_GONE };

/* ssh-add(1): it exits with 2 when it cannot reach the agent. */
static enum agent ask_agent(const char *print)
{
	static const char *const argv[] = {"ssh-add", "-l", NULL};
	AUTO(probe) probe = PROBE_INIT;

	probe.argv = argv;
	probe.timeout_ms = TOOL_MS;
	probe_run(&probe);
	if (probe.status == 2 || probe.timed_out)
		return AGENT_GONE;
	return print && !probe.status && probe.out.length &&
			       strstr(probe.out.data, print)
		       ? AGENT_HOLDS_IT
		       : AGENT_LACKS_IT;
}

/* Nobody is there to type a passphrase: an agent must hold the key. */
static enum verdict check_agent(
	struct subject *subject, struct text *found, struct text *fix)
{
	const char *key = subject->bridge->ssh_key;
	const char *agent = getenv("SSH_AUTH_SOCK");
	AUTO_FREE char *print = fingerprint(key);
	long pid = subject->query->client.supervisor_pid;
	enum agent answer;

	text_format(found, "%s has a passphrase", key);
	answer = agent && *agent ? ask_agent(print) : AGENT_GONE;
	if (answer == AGENT_GONE) {
		text_append(found, ", and there is no agent");
		if (agent && *agent)
			text_format(found, " at %s", agent);
		text_format(fix, "eval \"$(ssh-agent)\"; ssh-add %s", key);
		return VERDICT_FAILURE;
	}
	if (answer == AGENT_LACKS_IT) {
		text_append(found, ", and the agent does not hold it");
		text_format(fix, "ssh-add %s", key);
		return VERDICT_FAILURE;
	}
	if (pid && !supervisor_has_agent(pid, agent)) {
		text_append(found, "; the agent of this session holds it, but "
				   "the supervisor was started without it");
		text_append(fix, "bridge down; bridge up");
		append_running(fix, subject->query);
		text_append(fix, ": a new supervisor takes this session's "
				 "SSH_AUTH_SOCK");
		return VERDICT_WARNING;
	}
	text_append(found, "; the agent holds it");
	return VERDICT_OK;
}

enum verdict check_local_key(
	struct subject *subject, struct text *found, struct text *fix)
{
	static const char *const fixes[] = {
		[KEY_FILE_MISSING] = "ssh-keygen -t ed25519 -f %s, or correct "
				     "ssh_key",
		[KEY_FILE_OPEN] = "chmod 600 %s",
		[KEY_FILE_UNFIT] = "correct ssh_key: it must name a private "
				   "key that you may read, not %s",
	};
	const char *key = subject->bridge->ssh_key;
	const char *argv[] = {"ssh-keygen", "-y", "-P", "", "-f", key, NULL};
	AUTO(diags) diags = DIAGS_INIT;
	AUTO(probe) probe = PROBE_INIT;
	const char *said;
	enum key_file file;

	file = key_file_look(subject->bridge, &diags);
	if (file != KEY_FILE_FINE) {
		text_append(found, diags.list[0].message);
		text_format(fix, fixes[file], key);
		return VERDICT_FAILURE;
	}
	probe.argv = argv;
	probe.timeout_ms = TOOL_MS;
	probe_run(&probe);
	if (probe.started && !probe.status) {
		text_append(found, key);
		return VERDICT_OK;
	}
	said = probe.err.length ? probe.err.data : "ssh-keygen does not run";
	if (strstr(said, "passphrase"))
		return check_agent(subject, found, fix);
	text_format(found, "%s is no private key: %.*s", key,
		(int)strcspn(said, "\r\n"), said);
	text_append(fix, "correct ssh_key: it must name the private key");
	return VERDICT_FAILURE;
}

static int dial_socket(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	AUTO_CLOSE int fd = socket(
		AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (strlen(path) >= sizeof(address.sun_path))
		return ENAMETOOLONG;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return errno;
	return 0;
}

enum verdict check_local_service(
	struct subject *subject, struct text *found, struct text *fix)
{
	const struct bridge *bridge = subject->bridge;
	bool is_socket = bridge->local_host[0] == '/';
	int error = is_socket ? dial_socket(bridge->local_host)
			      : check_route_dial(bridge->local_host,
					bridge->local_port, NULL);

	if (is_socket)
		text_append(found, bridge->local_host);
	else
		text_format(
			found, "%s:%u", bridge->local_host, bridge->local_port);
	if (!error) {
		text_append(found, " accepts connections");
		return VERDICT_OK;
	}
	text_format(found, ": %s", strerror(error));
	text_format(fix, "start the service, or correct %s (set by %s)",
		is_socket ? "local_host" : "local_port",
		bridge->set_by[is_socket ? BRIDGE_local_host
					 : BRIDGE_local_port]);
	return VERDICT_FAILURE;
}

/* What the supervisor has found from the remote end. */
static enum verdict check_remote_health(
	const struct subject *subject, struct text *found, struct text *fix)
{
	const json_t *health = json_object_get(subject->status, "health");
	const json_t *ok = json_object_get(health, "ok");

	if (!ok) {
		text_append(found,
			"asked from the remote end once the bridge is up");
		return VERDICT_SKIPPED;
	}
	text_format(found, "from the remote end: %s",
		json_is_true(ok) ? "well"
				 : json_text_or(health, "message", ""));
	if (json_is_true(ok))
		return VERDICT_OK;
	text_format(fix,
		"correct health_check or the service; there: ss -tlnp "
		"'sport = :%u' shows who listens",
		subject->bridge->remote_port);
	return VERDICT_FAILURE;
}

static enum verdict judge_health(
	const json_t *answer, struct text *found, struct text *fix)
{
	long long status = json_integer_value(
		json_object_get(answer, "status"));

	if (!json_is_true(json_object_get(answer, "ok"))) {
		text_append(found, json_text_or(answer, "message", ""));
		text_append(fix, "correct health_check.url, expect_status or "
				 "the service");
		return VERDICT_FAILURE;
	}
	text_format(found, "HTTP %lld after %lld ms", status,
		(long long)json_integer_value(
			json_object_get(answer, "latency_ms")));
	if (json_is_true(json_object_get(answer, "stream"))) {
		text_append(found, ", an event stream: well once it answers, "
				   "whatever it sends then");
		return VERDICT_OK;
	}
	if (json_is_true(json_object_get(answer, "endless"))) {
		text_append(found, ", and sends more than is read");
		text_append(fix, "name a URL with a short answer");
		return VERDICT_WARNING;
	}
	if (status >= 300 && status < 400) {
		text_append(found, ", a redirect, which is not followed");
		text_append(fix, "name the URL it leads to, or set "
				 "expect_status: 200-299");
		return VERDICT_WARNING;
	}
	return VERDICT_OK;
}

enum verdict check_local_health(
	struct subject *subject, struct text *found, struct text *fix)
{
	const struct bridge *bridge = subject->bridge;
	AUTO_FREE char *program = launch_program();
	const char *argv[] = {program, "--health", NULL};
	json_auto_t *json = NULL;
	json_auto_t *answer = NULL;
	AUTO_FREE char *input = NULL;
	AUTO(probe) probe = PROBE_INIT;

	if (!bridge->health_url) {
		text_append(found, "no health_check");
		return VERDICT_SKIPPED;
	}
	if (bridge_checks_remotely(bridge))
		return check_remote_health(subject, found, fix);
	json = bridge_to_json(bridge, false);
	input = json_dumps(json, JSON_COMPACT);
	probe.argv = argv;
	probe.input = input;
	probe.timeout_ms = (unsigned)bridge->health_timeout_ms + TOOL_MS;
	probe_run(&probe);
	answer = probe.out.length ? json_loads(probe.out.data, 0, NULL) : NULL;
	if (!json_is_object(answer)) {
		text_format(found, "'%s' does not run", program);
		text_append(fix, "install bridge whole");
		return VERDICT_FAILURE;
	}
	return judge_health(answer, found, fix);
}
