#include "tunnel/supervisor/requests.h"

#include "schema/base/json_line.h"
#include "schema/base/trace.h"
#include "tunnel/control/protocol.h"
#include "tunnel/supervisor/desired.h"
#include "tunnel/supervisor/handover.h"
#include "tunnel/supervisor/idle.h"
#include "tunnel/supervisor/registry.h"
#include "tunnel/supervisor/reply.h"
#include "tunnel/supervisor/signals.h"
#include "tunnel/supervisor/status.h"
#include "tunnel/supervisor/supervisor.h"
#include "tunnel/supervisor/tunnel.h"
#include "tunnel/supervisor/waiter.h"

#include <stdlib.h>
#include <string.h>

static void hello(struct supervisor *supervisor, struct server_client *client,
	const json_t *request)
{
	json_int_t theirs = json_integer_value(
		json_object_get(request, "protocol"));
	AUTO(text) message = TEXT_INIT;

	(void)supervisor;
	if (theirs == CONTROL_PROTOCOL) {
		client->greeted = true;
		reply_agree(client, request, NULL);
		return;
	}
	text_format(&message,
		"this supervisor speaks protocol %d, not %lld; stop its "
		"bridges with the bridge that started it",
		CONTROL_PROTOCOL, (long long)theirs);
	reply_refuse(client, request, "version", message.data);
	server_close(client);
}

/* The definition a request carries, or NULL after a refusal. */
static struct bridge *definition(
	struct server_client *client, const json_t *request)
{
	struct bridge *bridge = own_alloc(sizeof(*bridge));
	AUTO(diags) diags = DIAGS_INIT;

	if (bridge_from_json(
		    bridge, json_object_get(request, "bridge"), &diags))
		return bridge;
	reply_refuse(client, request, "invalid", diags.list[0].message);
	bridge_release(bridge);
	free(bridge);
	return NULL;
}

static void discard(struct bridge *bridge)
{
	bridge_release(bridge);
	free(bridge);
}

/*
 * Up is idempotent: a bridge that runs is left alone, and the reply says
 * whether the definition differs from what it runs with.
 */
static void up(struct supervisor *supervisor, struct server_client *client,
	const json_t *request)
{
	struct bridge *bridge = definition(client, request);
	struct tunnel *tunnel;
	AUTO(text) status = TEXT_INIT;
	json_t *json;
	bool same = true;
	bool fresh;

	if (!bridge)
		return;
	tunnel = registry_find(supervisor, bridge->name);
	fresh = !tunnel;
	if (fresh) {
		tunnel = registry_add(supervisor, bridge);
	} else if (tunnel->state == STATE_STOPPING) {
		/* Somebody is stopping it: what was asked last counts. */
		if (tunnel->next)
			discard(tunnel->next);
		tunnel->next = bridge;
		waiter_add(tunnel, client, request, true);
		return;
	} else if (tunnel->state == STATE_FAILED) {
		/* Nothing of it runs: it begins anew, as it is defined now. */
		registry_define(tunnel, bridge);
		fresh = true;
	} else {
		same = bridge_same_definition(&tunnel->bridge, bridge);
	}
	if (bridge)
		discard(bridge);
	json = reply_new(json_object_get(request, "id"), true);
	json_object_set_new(json, "already", json_boolean(!fresh));
	json_object_set_new(json, "changed", json_boolean(!same));
	tunnel_event(tunnel, EVENT_UP, NULL, NULL);
	tunnel_status(&status, tunnel, STATUS_FULL);
	json_object_set_new(json, "bridge",
		json_loadb(status.data, status.length, 0, NULL));
	server_send(client, json);
}

static struct tunnel *named(
	struct supervisor *supervisor, const json_t *request)
{
	const char *name = json_text(request, "name");

	return name ? registry_find(supervisor, name) : NULL;
}

static void down(struct supervisor *supervisor, struct server_client *client,
	const json_t *request)
{
	struct tunnel *tunnel = named(supervisor, request);
	const char *name = json_text(request, "name");
	bool forgotten = name && desired_forget(supervisor, name);

	/* It does not run, but `up --resume` would have brought it back. */
	if (!tunnel && forgotten) {
		reply_agree(client, request, NULL);
		return;
	}
	if (!tunnel) {
		reply_refuse(client, request, "unknown", "no such bridge runs");
		return;
	}
	if (tunnel->next) {
		discard(tunnel->next);
		tunnel->next = NULL;
	}
	waiter_add(tunnel, client, request, false);
	tunnel_event(tunnel, EVENT_DOWN, NULL, NULL);
}

/* The definition to restart with: what came along, or what runs. */
static struct bridge *next_definition(struct supervisor *supervisor,
	struct server_client *client, const json_t *request)
{
	const struct tunnel *tunnel = named(supervisor, request);
	json_auto_t *copy = NULL;
	json_auto_t *same = NULL;

	if (json_object_get(request, "bridge"))
		return definition(client, request);
	if (!tunnel) {
		reply_refuse(client, request, "unknown", "no such bridge runs");
		return NULL;
	}
	copy = json_copy((json_t *)(uintptr_t)request);
	/* What was asked for last counts. */
	same = bridge_to_json(
		tunnel->next ? tunnel->next : &tunnel->bridge, false);
	json_object_set(copy, "bridge", same);
	return definition(client, copy);
}

/* Stop, then start with the definition that came along. */
static void restart(struct supervisor *supervisor, struct server_client *client,
	const json_t *request)
{
	struct bridge *bridge = next_definition(supervisor, client, request);
	struct tunnel *tunnel;

	if (!bridge)
		return;
	tunnel = registry_find(supervisor, bridge->name);
	if (!tunnel) {
		tunnel = registry_add(supervisor, bridge);
		discard(bridge);
		tunnel_event(tunnel, EVENT_UP, NULL, NULL);
		reply_agree(client, request, NULL);
		return;
	}
	if (tunnel->next)
		discard(tunnel->next);
	tunnel->next = bridge;
	waiter_add(tunnel, client, request, true);
	tunnel_event(tunnel, EVENT_DOWN, "restart", NULL);
}

/* What runs goes on as it is told now, without a new connection. */
static void update(struct supervisor *supervisor, struct server_client *client,
	const json_t *request)
{
	struct bridge *bridge = definition(client, request);
	struct tunnel *tunnel;
	AUTO(text) status = TEXT_INIT;

	if (!bridge)
		return;
	tunnel = registry_find(supervisor, bridge->name);
	if (!tunnel || tunnel->state == STATE_STOPPING) {
		reply_refuse(client, request, "unknown", "no such bridge runs");
	} else if (!bridge_same_connection(&tunnel->bridge, bridge)) {
		reply_refuse(client, request, "connection",
			"that needs a new connection: restart it");
	} else {
		tunnel_update(tunnel, bridge);
		tunnel_status(&status, tunnel, STATUS_FULL);
		reply_agree(client, request,
			json_loadb(status.data, status.length, 0, NULL));
	}
	discard(bridge);
}

static void stay(struct supervisor *supervisor, struct server_client *client,
	const json_t *request)
{
	if (server_has_staying(&supervisor->server)) {
		reply_refuse(client, request, "busy",
			"another `bridge supervise` holds it");
		return;
	}
	client->stays = true;
	reply_agree(client, request, NULL);
}

static void end(struct supervisor *supervisor, struct server_client *client,
	const json_t *request)
{
	reply_agree(client, request, NULL);
	supervisor_stop_all(supervisor, "the supervisor was told to end");
}

/* Each is compared with each bridge. */
enum { MAX_NAMES = 1000 };

/* All are, where no names are given. */
static bool is_asked_for(const json_t *names, const char *name)
{
	size_t i;
	json_t *asked;

	if (!json_is_array(names))
		return true;
	json_array_foreach(names, i,
		asked) if (json_is_string(asked) &&
			   !strcmp(json_string_value(asked), name)) return true;
	return false;
}

static void status(struct supervisor *supervisor, struct server_client *client,
	const json_t *request)
{
	json_auto_t *head = reply_new(json_object_get(request, "id"), true);
	AUTO_FREE char *start = json_dumps(head, JSON_COMPACT);
	const json_t *names = json_object_get(request, "names");
	unsigned form = STATUS_FULL;
	AUTO(text) line = TEXT_INIT;
	bool any = false;

	if (json_is_true(json_object_get(request, "brief")))
		form |= STATUS_BRIEF;
	if (json_is_true(json_object_get(request, "definitions")))
		form |= STATUS_DEFINITION;
	if (json_array_size(names) > MAX_NAMES) {
		reply_refuse(client, request, "invalid", "too many names");
		return;
	}
	/* The reply's own members, open for one more. */
	text_append_bytes(&line, start, strlen(start) - 1);
	text_append(&line, ",\"bridges\":[");
	for (size_t i = 0; i < supervisor->count; i++) {
		struct tunnel *tunnel = supervisor->tunnels[i];

		if (!is_asked_for(names, tunnel->bridge.name))
			continue;
		if (any)
			text_append_char(&line, ',');
		tunnel_status(&line, tunnel, form);
		any = true;
	}
	text_append(&line, "]}\n");
	server_send_line(client, &line);
}

static void subscribe(struct supervisor *supervisor,
	struct server_client *client, const json_t *request)
{
	(void)supervisor;
	client->subscribed = true;
	reply_agree(client, request, NULL);
}

struct flush {
	struct supervisor *supervisor;
	unsigned long client; /* its serial */
	json_t *id;
};

/* The client may have left while the disk was at work, and another come. */
static struct server_client *still_there(const struct flush *flush)
{
	struct server_client *client = flush->supervisor->server.clients;

	while (client && client->serial != flush->client)
		client = client->next;
	return client;
}

static void on_flushed(void *data)
{
	struct flush *flush = data;
	struct server_client *client = still_there(flush);
	int failure = file_writer_failure(&flush->supervisor->writer);
	json_auto_t *request = json_pack("{s:O?}", "id", flush->id);

	if (client && failure)
		reply_refuse(client, request, "disk", strerror(failure));
	else if (client)
		reply_agree(client, request, NULL);
	json_decref(flush->id);
	free(flush);
}

static void flush(struct supervisor *supervisor, struct server_client *client,
	const json_t *request)
{
	struct flush *flush = own_alloc(sizeof(*flush));

	flush->supervisor = supervisor;
	flush->client = client->serial;
	flush->id = json_incref(json_object_get(request, "id"));
	desired_save_now(supervisor);
	file_writer_barrier(&supervisor->writer, on_flushed, flush);
}

struct upgrade {
	struct flush wait;
	char *program;
	bool holds_signals;
};

static void end_upgrade(
	struct upgrade *upgrade, const char *code, const char *why)
{
	struct server_client *client = still_there(&upgrade->wait);
	json_auto_t *request = json_pack("{s:O?}", "id", upgrade->wait.id);

	if (upgrade->holds_signals)
		signals_hold(false);
	if (client)
		reply_refuse(client, request, code, why);
	json_decref(upgrade->wait.id);
	free(upgrade->program);
	free(upgrade);
}

/*
 * Files that wait would be lost with the program, and so would a signal: once
 * there are none, what has come is taken, and what comes is left to the next.
 */
static void on_written(void *data)
{
	struct upgrade *upgrade = data;
	struct supervisor *supervisor = upgrade->wait.supervisor;
	int failure = file_writer_failure(&supervisor->writer);
	bool idle = file_writer_is_idle(&supervisor->writer);
	AUTO_FREE char *why = NULL;
	json_auto_t *saved = NULL;

	if (supervisor->stop_reason || supervisor->ending) {
		end_upgrade(upgrade, "ending", "the supervisor is ending");
		return;
	}
	if (failure) {
		end_upgrade(upgrade, "disk", strerror(failure));
		return;
	}
	if (!idle || !upgrade->holds_signals) {
		if (idle != upgrade->holds_signals)
			signals_hold(idle);
		upgrade->holds_signals = idle;
		file_writer_barrier(&supervisor->writer, on_written, upgrade);
		return;
	}
	saved = handover_save(supervisor);
	if (saved)
		why = handover_exec(supervisor, saved, upgrade->program);
	end_upgrade(upgrade, why ? "upgrade" : "busy",
		why ? why : "a bridge is being started or stopped");
}

/* Become another program: only a failure is answered. */
static void upgrade(struct supervisor *supervisor, struct server_client *client,
	const json_t *request)
{
	const char *program = json_text(request, "program");
	json_auto_t *saved = NULL;
	struct upgrade *upgrade;

	if (!program || program[0] != '/') {
		reply_refuse(client, request, "invalid",
			"'program' must be an absolute path");
		return;
	}
	saved = handover_save(supervisor);
	if (!saved) {
		reply_refuse(client, request, "busy",
			"a bridge is being started or stopped");
		return;
	}
	upgrade = own_alloc(sizeof(*upgrade));
	upgrade->wait = (struct flush){supervisor, client->serial,
		json_incref(json_object_get(request, "id"))};
	upgrade->program = own_strdup(program);
	file_writer_barrier(&supervisor->writer, on_written, upgrade);
}

static void refuse_op(struct server_client *client, const json_t *request)
{
	AUTO(text) message = TEXT_INIT;

	text_append(&message, "'op' is none of ");
	for (int op = 0; op < CONTROL_OPS; op++)
		text_format(&message, "%s%s", op ? ", " : "",
			control_op_name((enum control_op)op));
	reply_refuse(client, request, "unknown-op", message.data);
}

void requests_handle(
	struct server_client *client, const json_t *request, void *data)
{
	static void (*const handlers[CONTROL_OPS])(
		struct supervisor *, struct server_client *, const json_t *) = {
		[CONTROL_HELLO] = hello,
		[CONTROL_UP] = up,
		[CONTROL_DOWN] = down,
		[CONTROL_RESTART] = restart,
		[CONTROL_UPDATE] = update,
		[CONTROL_STATUS] = status,
		[CONTROL_SUBSCRIBE] = subscribe,
		[CONTROL_FLUSH] = flush,
		[CONTROL_STAY] = stay,
		[CONTROL_END] = end,
		[CONTROL_UPGRADE] = upgrade,
	};
	struct supervisor *supervisor = data;
	enum control_op op = control_op_find(json_text(request, "op"));

	if (trace_is_on()) {
		const json_t *bridge = json_object_get(request, "bridge");
		const char *name = json_text(bridge ? bridge : request, "name");

		trace("request", name, "%s",
			op == CONTROL_OPS ? "?" : control_op_name(op));
	}
	if (op == CONTROL_OPS) {
		refuse_op(client, request);
		return;
	}
	if (op != CONTROL_HELLO && !client->greeted) {
		reply_refuse(client, request, "hello",
			"the first request must be a hello");
		return;
	}
	if (supervisor->ending) {
		/* An answer would be a promise; the next supervisor keeps it.
		 */
		server_close(client);
		return;
	}
	if (supervisor->stop_reason &&
		(op == CONTROL_UP || op == CONTROL_RESTART ||
			op == CONTROL_UPDATE)) {
		reply_refuse(client, request, "ending",
			"the supervisor was told to end; try again when it "
			"has");
		return;
	}
	handlers[op](supervisor, client, request);
}

void requests_client_gone(struct server_client *client, void *data)
{
	struct supervisor *supervisor = data;

	if (client->stays)
		idle_end(supervisor);
	for (size_t i = 0; i < supervisor->count; i++)
		waiter_drop(supervisor->tunnels[i], client);
}
