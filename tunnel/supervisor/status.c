#include "tunnel/supervisor/status.h"

#include "tunnel/state/audit_log.h"

#include <string.h>
#include <unistd.h>

pid_t tunnel_pid(const struct tunnel *tunnel)
{
	const struct process *process = tunnel->process;

	if (tunnel->master)
		process = tunnel->master->process;
	return process ? process->pid : 0;
}

/*
 * Written straight to text: an answer about a thousand bridges is half a
 * megabyte, and a tree of it would take longer than all the rest.
 */
struct object {
	struct text *out;
	bool any;   /* a member is there already */
	bool brief; /* what is null is left out */
};

static void key(struct object *object, const char *name)
{
	text_append(object->out, object->any ? ",\"" : "{\"");
	text_append(object->out, name);
	text_append(object->out, "\":");
	object->any = true;
}

static void put_text(struct object *object, const char *name, const char *text)
{
	if (!text && object->brief)
		return;
	key(object, name);
	if (text)
		text_append_json(object->out, text, strlen(text));
	else
		text_append(object->out, "null");
}

/* Text from ssh or a service: shown, not obeyed, wherever it ends up. */
static void put_foreign(
	struct object *object, const char *name, const char *text)
{
	AUTO(text) visible = TEXT_INIT;

	if (text)
		text_append_visible(&visible, text, strlen(text));
	put_text(object, name, text ? visible.data : NULL);
}

static void put_number(struct object *object, const char *name, bool known,
	unsigned long long number)
{
	if (!known && object->brief)
		return;
	key(object, name);
	if (known)
		text_format(object->out, "%llu", number);
	else
		text_append(object->out, "null");
}

static void put_time(
	struct object *object, const char *name, const struct timespec *when)
{
	char text[AUDIT_TIME_SIZE];

	audit_log_time(text, when);
	put_text(object, name, text);
}

static void close_object(struct object *object)
{
	text_append(object->out, object->any ? "}" : "{}");
}

static void put_last_event(struct object *object, const struct last_event *last)
{
	struct object inner = {.out = object->out, .brief = object->brief};

	key(object, "last_event");
	if (last->event != AUDIT_NOTHING) {
		put_time(&inner, "ts", &last->when);
		put_text(&inner, "event", audit_event_name(last->event));
		if (last->detail || !inner.brief)
			put_foreign(&inner, "detail",
				last->detail ? last->detail : "");
		put_text(&inner, "reason", last->reason);
	}
	close_object(&inner);
}

static void put_health(struct object *object, const struct tunnel *tunnel)
{
	const struct health_result *result = &tunnel->health_result;
	bool known = tunnel->health && result->known;
	struct object inner = {.out = object->out};

	if (!tunnel->bridge.health_url || (object->brief && !known)) {
		put_text(object, "health", NULL);
		return;
	}
	key(object, "health");
	if (!object->brief)
		put_text(&inner, "url", tunnel->bridge.health_url);
	if (known) {
		key(&inner, "ok");
		text_append(inner.out, result->ok ? "true" : "false");
	}
	if (known && !object->brief) {
		put_number(&inner, "status", true,
			(unsigned long long)result->status);
		put_number(&inner, "latency_ms", true, result->latency_ms);
		put_number(&inner, "failures", true, result->failures);
		put_foreign(&inner, "message", result->message);
	}
	close_object(&inner);
}

/* What the table of `status` shows. */
static void put_brief(struct object *object, const struct tunnel *tunnel)
{
	const struct bridge *bridge = &tunnel->bridge;
	uint64_t now = uv_now(tunnel->supervisor->loop);
	uint64_t wait = tunnel->retry_at > now ? tunnel->retry_at - now : 0;

	put_text(object, "name", bridge->name);
	put_text(object, "state", state_name(tunnel->state));
	put_number(object, "uptime_seconds", tunnel->confirmed,
		(now - tunnel->confirmed_at) / 1000);
	put_text(object, "host", bridge->host);
	put_number(object, "remote_port", true, bridge->remote_port);
	put_text(object, "local_host", bridge->local_host);
	put_number(object, "local_port", !bridge_leads_to_socket(bridge),
		bridge->local_port);
	put_text(object, "actor", bridge->actor);
	put_last_event(object, &tunnel->last);
	put_number(object, "retry_in_seconds", tunnel->state == STATE_WAITING,
		(wait + 999) / 1000);
	put_health(object, tunnel);
	put_number(object, "supervisor_pid", true, (unsigned)getpid());
}

static void put_rest(struct object *object, const struct tunnel *tunnel)
{
	const struct bridge *bridge = &tunnel->bridge;
	pid_t pid = tunnel_pid(tunnel);

	put_time(object, "since", &tunnel->since);
	put_number(object, "pid", pid != 0, (unsigned long long)pid);
	put_text(object, "actor_class", bridge->actor_class);
	put_text(object, "source",
		bridge->source == BRIDGE_FROM_INLINE ? "inline" : "catalog");
	put_text(object, "origin", bridge->origin);
	put_text(object, "revision", bridge->revision);
	put_text(object, "shadows", bridge->shadows);
	put_text(object, "domain", bridge->domain);
	put_number(object, "attempts", true, tunnel->backoff.failures);
}

static void put_definition(struct object *object, const struct tunnel *tunnel)
{
	json_auto_t *json = bridge_to_json(&tunnel->bridge, false);
	AUTO_FREE char *text = json_dumps(json, JSON_COMPACT);

	key(object, "definition");
	text_append(object->out, text ? text : "null");
}

void tunnel_status(struct text *out, const struct tunnel *tunnel, unsigned form)
{
	struct object object = {
		.out = out, .brief = (form & STATUS_BRIEF) != 0};

	put_brief(&object, tunnel);
	if (!(form & STATUS_BRIEF))
		put_rest(&object, tunnel);
	if (form & STATUS_DEFINITION)
		put_definition(&object, tunnel);
	close_object(&object);
}
