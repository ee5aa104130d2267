#include "tunnel/audit.h"
#include "tunnel/supervisor.h"

#include <string.h>
#include <unistd.h>

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

static json_t *time_to_json(const struct timespec *when)
{
	char text[AUDIT_TIME_SIZE];

	audit_time(text, when);
	return json_string(text);
}

static json_t *detail_to_json(const char *detail)
{
	AUTO(text) visible = TEXT_INIT;

	if (!detail)
		return json_null();
	text_append_visible(&visible, detail, strlen(detail));
	return json_string(visible.data);
}

static json_t *last_event(const struct last_event *last)
{
	json_t *json = json_object();

	if (last->event == AUDIT_NOTHING)
		return json;
	json_object_set_new(json, "ts", time_to_json(&last->when));
	json_object_set_new(
		json, "event", json_string(audit_name(last->event)));
	json_object_set_new(json, "detail", detail_to_json(last->detail));
	return json;
}

static json_t *health(const struct tunnel *tunnel)
{
	const struct health_result *result = &tunnel->health_result;
	json_t *json;

	if (!tunnel->bridge.health_url)
		return json_null();
	json = json_object();
	json_object_set_new(
		json, "url", json_string(tunnel->bridge.health_url));
	if (!tunnel->health || !result->known)
		return json;
	json_object_set_new(json, "ok", json_boolean(result->ok));
	json_object_set_new(json, "status", json_integer(result->status));
	json_object_set_new(json, "latency_ms",
		json_integer((json_int_t)result->latency_ms));
	json_object_set_new(
		json, "failures", json_integer((json_int_t)result->failures));
	json_object_set_new(json, "message", detail_to_json(result->message));
	return json;
}

static json_t *whole_seconds(uint64_t ms)
{
	return json_integer((json_int_t)((ms + 999) / 1000));
}

json_t *tunnel_status(const struct tunnel *tunnel)
{
	const struct bridge *bridge = &tunnel->bridge;
	uint64_t now = uv_now(tunnel->supervisor->loop);
	json_t *json = json_object();

	json_object_set_new(json, "name", json_string(bridge->name));
	json_object_set_new(
		json, "state", json_string(state_name(tunnel->state)));
	json_object_set_new(json, "uptime_seconds",
		tunnel->confirmed
			? json_integer(
				  (json_int_t)(now - tunnel->confirmed_at) /
				  1000)
			: json_null());
	json_object_set_new(json, "since", time_to_json(&tunnel->since));
	json_object_set_new(json, "pid",
		tunnel->pid ? json_integer(tunnel->pid) : json_null());
	json_object_set_new(json, "supervisor_pid", json_integer(getpid()));
	json_object_set_new(json, "host", text_or_null(bridge->host));
	json_object_set_new(
		json, "remote_port", json_integer(bridge->remote_port));
	json_object_set_new(
		json, "local_port", json_integer(bridge->local_port));
	json_object_set_new(json, "actor", text_or_null(bridge->actor));
	json_object_set_new(
		json, "actor_class", text_or_null(bridge->actor_class));
	json_object_set_new(json, "source",
		json_string(bridge->source == BRIDGE_FROM_INLINE ? "inline"
								 : "catalog"));
	json_object_set_new(json, "origin", text_or_null(bridge->origin));
	json_object_set_new(json, "revision", text_or_null(bridge->revision));
	json_object_set_new(json, "shadows", text_or_null(bridge->shadows));
	json_object_set_new(json, "domain", text_or_null(bridge->domain));
	json_object_set_new(json, "last_event", last_event(&tunnel->last));
	json_object_set_new(json, "attempts",
		json_integer((json_int_t)tunnel->backoff.failures));
	json_object_set_new(json, "retry_in_seconds",
		tunnel->state == STATE_WAITING
			? whole_seconds(tunnel->retry_at > now
						? tunnel->retry_at - now
						: 0)
			: json_null());
	json_object_set_new(json, "health", health(tunnel));
	return json;
}
