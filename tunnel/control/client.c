#include "tunnel/control/client.h"

#include "schema/base/json_line.h"
#include "schema/base/version.h"
#include "tunnel/control/launch.h"
#include "tunnel/state/state_dir.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	START_DEADLINE_MS = 15000,
	HELLO_DEADLINE_MS = 10000,
	CALL_DEADLINE_MS = 30000,
	HUNG_UP_TRIES = 20,
	HUNG_UP_PAUSE_MS = 10,
};

int64_t client_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void disconnect(struct client *client)
{
	if (client->fd >= 0)
		close(client->fd);
	client->fd = -1;
	client->taken = 0;
	text_release(&client->input);
}

void client_release(struct client *client)
{
	disconnect(client);
	if (client->directory >= 0)
		close(client->directory);
	free(client->path);
	free(client->supervisor_version);
	*client = (struct client)CLIENT_INIT;
}

static bool send_all(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		bytes += sent;
		length -= (size_t)sent;
	}
	return true;
}

json_int_t client_send(struct client *client, enum control_op op, json_t *body,
	struct diags *diags)
{
	json_t *request = body ? body : json_object();
	AUTO_FREE char *line = NULL;
	size_t length;
	bool sent;

	json_object_set_new(request, "op", json_string(control_op_name(op)));
	json_object_set_new(request, "id", json_integer(++client->calls));
	line = json_line(request);
	json_decref(request);
	length = strlen(line);
	sent = length <= CONTROL_MAX_REQUEST &&
	       send_all(client->fd, line, length);
	if (sent)
		return client->calls;
	diag_errno(diags, NULL, RULE_SUPERVISOR,
		"cannot reach the supervisor (pid %ld)",
		client->supervisor_pid);
	return 0;
}

/* False at the end of the stream or when it makes no sense. */
static bool receive(struct client *client)
{
	ssize_t got;

	if (client->taken) {
		text_consume(&client->input, client->taken);
		client->taken = 0;
	}
	text_reserve(&client->input, 65536);
	got = recv(client->fd, client->input.data + client->input.length, 65536,
		0);
	if (got < 0 && errno == EINTR)
		return true;
	if (got <= 0)
		return false;
	client->input.length += (size_t)got;
	client->input.data[client->input.length] = '\0';
	return client->input.length <= CONTROL_MAX_REPLY;
}

/* False when the time is up, or nobody wants to know any more. */
static bool wait_for_bytes(const struct client *client, int64_t deadline_ms)
{
	struct pollfd fds[] = {{.fd = client->fd, .events = POLLIN},
		{.fd = client->cancel_fd, .events = POLLIN}};

	for (;;) {
		int64_t left = deadline_ms < 0 ? -1
					       : deadline_ms - client_now();
		int ready;

		if (deadline_ms >= 0 && left < 0)
			left = 0;
		ready = poll(
			fds, COUNT(fds), left > 1000000 ? 1000000 : (int)left);
		if (ready > 0)
			return !fds[1].revents;
		if (ready == 0 && left <= 1000000)
			return false;
		if (ready < 0 && errno != EINTR)
			return true; /* recv() will say what is wrong */
	}
}

/* The next line, without its end; valid until the next call. */
static enum client_answer next_line(struct client *client, const char **line,
	size_t *size, int64_t deadline_ms)
{
	size_t seen = 0;

	for (;;) {
		const char *start = client->input.data + client->taken;
		size_t length = client->input.length - client->taken;
		const char *newline = length > seen ? memchr(start + seen, '\n',
							      length - seen)
						    : NULL;

		if (newline) {
			*line = start;
			*size = (size_t)(newline - start);
			client->taken += *size + 1;
			return CLIENT_MESSAGE;
		}
		seen = length;
		if (!wait_for_bytes(client, deadline_ms))
			return CLIENT_TIMEOUT;
		if (!receive(client))
			return CLIENT_LOST;
	}
}

enum client_answer client_next(
	struct client *client, json_t **message, int64_t deadline_ms)
{
	const char *line;
	size_t length;
	enum client_answer answer = next_line(
		client, &line, &length, deadline_ms);

	*message = NULL;
	if (answer != CLIENT_MESSAGE)
		return answer;
	*message = json_loadb(line, length, 0, NULL);
	return json_is_object(*message) ? CLIENT_MESSAGE : CLIENT_LOST;
}

static bool is_reply_to(const json_t *message, json_int_t id)
{
	return json_integer_value(json_object_get(message, "id")) == id;
}

static bool refused(const json_t *reply, struct diags *diags)
{
	const json_t *error = json_object_get(reply, "error");
	const char *message = json_text(error, "message");
	const char *code = json_text(error, "code");

	return diag_error(diags, NULL,
		code && !strcmp(code, "unknown") ? RULE_BRIDGE_UNKNOWN
						 : RULE_SUPERVISOR,
		"the supervisor refuses: %s", message ? message : "no reason");
}

static bool no_answer(const struct client *client, enum client_answer answer,
	struct diags *diags)
{
	return diag_error(diags, NULL, RULE_SUPERVISOR,
		answer == CLIENT_TIMEOUT
			? "the supervisor (pid %ld) does not answer"
			: "the supervisor (pid %ld) is gone",
		client->supervisor_pid);
}

/* *lost: no answer came because the supervisor has gone. */
static bool call(struct client *client, enum control_op op, json_t *body,
	json_t **reply, bool *lost, struct diags *diags)
{
	json_int_t id = client_send(client, op, body, diags);
	int64_t deadline = client_now() + CALL_DEADLINE_MS;

	*reply = NULL;
	*lost = !id;
	while (id) {
		json_t *message;
		enum client_answer answer = client_next(
			client, &message, deadline);

		if (answer != CLIENT_MESSAGE) {
			json_decref(message);
			*lost = answer == CLIENT_LOST;
			return no_answer(client, answer, diags);
		}
		if (!is_reply_to(message, id)) {
			json_decref(message);
			continue;
		}
		if (json_is_true(json_object_get(message, "ok"))) {
			*reply = message;
			return true;
		}
		refused(message, diags);
		json_decref(message);
		return false;
	}
	return false;
}

bool client_call(struct client *client, enum control_op op, json_t *body,
	json_t **reply, struct diags *diags)
{
	bool lost;

	return call(client, op, body, reply, &lost, diags);
}

/* "ok" of the reply, whose head ends where its list begins. */
static bool is_yes(const char *head, size_t length, json_int_t id)
{
	AUTO(text) text = TEXT_INIT;
	json_auto_t *json = NULL;

	text_append_bytes(&text, head, length);
	text_append_char(&text, '}');
	json = json_loadb(text.data, text.length, 0, NULL);
	return is_reply_to(json, id) &&
	       json_is_true(json_object_get(json, "ok"));
}

/* From behind the bracket; false when it makes no sense. */
static bool take_list(const char *at, const char *end,
	void (*take)(const json_t *item, void *data), void *data)
{
	while (at < end && *at != ']') {
		json_error_t error;
		json_auto_t *item = json_loadb(
			at, (size_t)(end - at), JSON_DISABLE_EOF_CHECK, &error);

		if (!json_is_object(item))
			return false;
		take(item, data);
		at += error.position;
		at += at < end && *at == ',';
	}
	return at < end;
}

bool client_call_each(struct client *client, enum control_op op, json_t *body,
	const char *list, void (*take)(const json_t *item, void *data),
	void *data, struct diags *diags)
{
	json_int_t id = client_send(client, op, body, diags);
	int64_t deadline = client_now() + CALL_DEADLINE_MS;
	AUTO(text) mark = TEXT_INIT;

	text_format(&mark, ",\"%s\":[", list);
	while (id) {
		const char *line;
		const char *found;
		size_t length;
		json_auto_t *message = NULL;
		enum client_answer answer = next_line(
			client, &line, &length, deadline);

		if (answer != CLIENT_MESSAGE)
			return no_answer(client, answer, diags);
		found = memmem(line, length, mark.data, mark.length);
		if (found && is_yes(line, (size_t)(found - line), id))
			return take_list(found + mark.length, line + length,
				       take, data) ||
			       no_answer(client, CLIENT_LOST, diags);
		message = json_loadb(line, length, 0, NULL);
		if (is_reply_to(message, id))
			return refused(message, diags);
	}
	return false;
}

enum greeting { GREETED, NOBODY, HUNG_UP, UNUSABLE };

static enum greeting silent(const struct client *client, struct diags *diags)
{
	diag_error(diags, NULL, RULE_SUPERVISOR,
		"the supervisor of '%s' does not answer; it may be stopped "
		"(see the .pid files there)",
		client->path);
	return UNUSABLE;
}

/* Read the supervisor's hello and say ours. */
static enum greeting greet(struct client *client, struct diags *diags)
{
	AUTO(diags) passing = DIAGS_INIT;
	json_auto_t *hello = NULL;
	json_auto_t *reply = NULL;
	json_int_t protocol;
	const char *version;
	bool lost;
	enum client_answer answer = client_next(
		client, &hello, client_now() + HELLO_DEADLINE_MS);

	if (answer == CLIENT_LOST)
		return NOBODY; /* it was on its way out */
	if (answer == CLIENT_TIMEOUT)
		return silent(client, diags);
	if (json_is_false(json_object_get(hello, "ok"))) {
		refused(hello, diags);
		return UNUSABLE;
	}
	protocol = json_integer_value(json_object_get(hello, "bridge"));
	client->supervisor_pid = (long)json_integer_value(
		json_object_get(hello, "pid"));
	free(client->supervisor_version);
	version = json_text(hello, "version");
	client->supervisor_version = own_strdup(version ? version : "");
	if (protocol != CONTROL_PROTOCOL) {
		diag_error(diags, NULL, RULE_SUPERVISOR,
			"the running supervisor (pid %ld, version %s) speaks "
			"protocol %lld, this bridge %d; stop its bridges with "
			"the bridge that started it",
			client->supervisor_pid, client->supervisor_version,
			(long long)protocol, CONTROL_PROTOCOL);
		return UNUSABLE;
	}
	if (call(client, CONTROL_HELLO,
		    json_pack("{s:i, s:s}", "protocol", CONTROL_PROTOCOL,
			    "version", bridge_version),
		    &reply, &lost, &passing))
		return GREETED;
	if (lost)
		return NOBODY;
	diags_move(diags, &passing);
	return UNUSABLE;
}

static enum greeting connect_once(struct client *client, struct diags *diags)
{
	client->fd = control_connect(client->directory);
	if (client->fd < 0) {
		if (errno == ENOENT || errno == ECONNREFUSED)
			return NOBODY;
		if (errno == EAGAIN)
			return silent(client, diags);
		diag_errno(diags, NULL, RULE_SUPERVISOR,
			"cannot connect to the supervisor in '%s'",
			client->path);
		return UNUSABLE;
	}
	if (!control_peer_is_us(client->fd)) {
		diag_error(diags, NULL, RULE_SUPERVISOR,
			"the supervisor in '%s' is another user's",
			client->path);
		disconnect(client);
		return UNUSABLE;
	}
	switch (greet(client, diags)) {
	case GREETED:
		return GREETED;
	case NOBODY:
	case HUNG_UP:
		disconnect(client);
		return HUNG_UP;
	case UNUSABLE:
		break;
	}
	disconnect(client);
	return UNUSABLE;
}

bool client_open(
	struct client *client, enum client_mode mode, struct diags *diags)
{
	int64_t deadline = client_now() + START_DEADLINE_MS;
	int hung_up = 0;

	if (!state_path(&client->path, diags))
		return false;
	client->directory = state_open(
		client->path, mode == CLIENT_START, diags);
	if (client->directory < 0)
		return mode == CLIENT_LOOK && !diags->errors;
	while (client_now() < deadline) {
		enum greeting greeting = connect_once(client, diags);

		if (greeting == GREETED)
			return true;
		if (greeting == UNUSABLE)
			return false;
		/* One that hangs up at once ends, or is being replaced. */
		if (greeting == HUNG_UP && ++hung_up < HUNG_UP_TRIES) {
			poll(NULL, 0, HUNG_UP_PAUSE_MS);
			continue;
		}
		if (mode == CLIENT_LOOK)
			return true;
		if (!launch_supervisor(client->path, diags))
			return false;
	}
	return diag_error(diags, NULL, RULE_SUPERVISOR,
		"no supervisor could be started in '%s'", client->path);
}
