#include "tunnel/supervisor/tunnel.h"

#include "schema/base/json_line.h"
#include "schema/base/trace.h"
#include "tunnel/supervisor/attempt.h"
#include "tunnel/supervisor/connect_queue.h"
#include "tunnel/supervisor/publish.h"
#include "tunnel/supervisor/registry.h"
#include "tunnel/supervisor/status.h"
#include "tunnel/supervisor/waiter.h"

#include <stdlib.h>
#include <string.h>

enum { TOGETHER_MS = 1000 };

static void on_retry(uv_timer_t *timer)
{
	tunnel_event(timer->data, EVENT_TIMER, NULL, NULL);
}

static void on_health(const struct health_result *result, void *data)
{
	struct tunnel *tunnel = data;

	tunnel->health_result = *result;
	if (result->ok)
		tunnel_event(tunnel, EVENT_HEALTHY, NULL, NULL);
	else if (result->failures >= tunnel->bridge.health_failures)
		tunnel_event(tunnel, EVENT_UNHEALTHY, result->message, NULL);
}

static void start_health(struct tunnel *tunnel)
{
	struct supervisor *supervisor = tunnel->supervisor;
	const struct bridge *bridge = &tunnel->bridge;
	AUTO(text) socket = TEXT_INIT;
	struct health_way way = {.socket = NULL};

	if (!bridge->health_url || tunnel->health)
		return;
	if (!supervisor->pool)
		supervisor->pool = health_pool_create(supervisor->loop);
	if (!supervisor->pool)
		return;
	if (bridge_checks_remotely(bridge)) {
		text_format(&socket, "./.%s.health", bridge->name);
		way.socket = socket.data;
		way.ssh = tunnel_pid(tunnel);
	}
	tunnel->health_result = (struct health_result){.known = false};
	tunnel->health = health_start(supervisor->pool, bridge,
		way.socket ? &way : NULL, on_health, tunnel);
}

static void stop_health(struct tunnel *tunnel)
{
	health_stop(tunnel->health);
	tunnel->health = NULL;
}

/* "local_host: \"a\" -> \"b\"; tags: null -> [\"x\"]" */
static void describe_changes(struct text *text, const json_t *changes)
{
	size_t i;
	json_t *change;

	json_array_foreach(changes, i, change)
	{
		AUTO_FREE char *old = json_dumps(json_object_get(change, "old"),
			JSON_ENCODE_ANY | JSON_COMPACT);
		AUTO_FREE char *now = json_dumps(json_object_get(change, "new"),
			JSON_ENCODE_ANY | JSON_COMPACT);

		text_format(text, "%s%s: %.200s -> %.200s", i ? "; " : "",
			json_text(change, "field"), old ? old : "null",
			now ? now : "null");
	}
}

void tunnel_update(struct tunnel *tunnel, struct bridge *definition)
{
	struct backoff backoff = tunnel->backoff;
	json_auto_t *changes = bridge_differences(&tunnel->bridge, definition);
	bool checked = tunnel->health != NULL;
	AUTO(text) detail = TEXT_INIT;

	describe_changes(&detail, changes);
	stop_health(tunnel);
	registry_define(tunnel, definition);
	backoff.initial_ms = tunnel->backoff.initial_ms;
	backoff.max_ms = tunnel->backoff.max_ms;
	tunnel->backoff = backoff;
	if (detail.length) {
		publish_event(tunnel, AUDIT_UPDATED, detail.data, NULL);
	}
	if (checked || tunnel->state == STATE_CONNECTED)
		start_health(tunnel);
	if (tunnel->state == STATE_DEGRADED && !tunnel->health)
		tunnel_event(tunnel, EVENT_HEALTHY,
			"its health is not checked any more", NULL);
}

/* The tunnel is stopped and nothing of it runs: forget it, or start anew. */
static void finish(struct tunnel *tunnel)
{
	struct bridge *next = tunnel->next;

	if (!next) {
		registry_forget(tunnel);
		return;
	}
	tunnel->next = NULL;
	registry_define(tunnel, next);
	free(next);
	waiter_tell(tunnel, true);
	tunnel_event(tunnel, EVENT_UP, "restarted", NULL);
}

static void carry_out(struct tunnel *tunnel, unsigned actions)
{
	struct supervisor *supervisor = tunnel->supervisor;
	uint64_t now = uv_now(supervisor->loop);

	if (actions & ACTION_HEALTH_OFF)
		stop_health(tunnel);
	if (actions & ACTION_CANCEL)
		uv_timer_stop(&tunnel->timer);
	if (actions & ACTION_SCHEDULE)
		uv_timer_start(&tunnel->timer, on_retry,
			tunnel->retry_at > now ? tunnel->retry_at - now : 0, 0);
	if (actions & ACTION_HEALTH_ON)
		start_health(tunnel);
	if (actions & ACTION_SPAWN)
		connect_queue_add(tunnel);
	if (actions & ACTION_KILL) {
		connect_queue_remove(tunnel);
		if (!attempt_stop(tunnel))
			tunnel_event(tunnel, EVENT_EXITED,
				tunnel->next ? "restart"
					     : supervisor->stop_reason,
				NULL);
		return;
	}
	if (actions & ACTION_FORGET)
		finish(tunnel);
	else if (actions & (ACTION_SPAWN | ACTION_HEALTH_ON))
		connect_queue_dispatch(supervisor);
}

/* When to say how long it will take; "; next attempt in 5 s". */
static void describe_wait(struct tunnel *tunnel, struct text *text)
{
	uint64_t now = uv_now(tunnel->supervisor->loop);
	uint64_t wait = tunnel->retry_at > now ? tunnel->retry_at - now : 0;

	if (text->length)
		text_append(text, "; ");
	text_format(text, "next attempt in %.1f s", (double)wait / 1000);
}

void tunnel_event(struct tunnel *tunnel, enum bridge_event event,
	const char *detail, const char *reason)
{
	enum bridge_state before = tunnel->state;
	struct transition step = state_machine_step(before, event);
	bool renamed = strcmp(state_name(before), state_name(step.next)) != 0;

	trace("event", tunnel->bridge.name, "%s: %s -> %s%s%s",
		bridge_event_word(event), state_word(before),
		state_word(step.next), detail ? "; " : "",
		detail ? detail : "");
	tunnel->state = step.next;
	if (renamed) {
		clock_gettime(CLOCK_REALTIME, &tunnel->since);
		publish_state(tunnel);
	}
	for (size_t i = 0; i < COUNT(step.audit); i++) {
		AUTO(text) more = TEXT_INIT;

		if (step.audit[i] == AUDIT_NOTHING)
			continue;
		if (detail)
			text_append(&more, detail);
		if (step.audit[i] == AUDIT_RECONNECTING)
			describe_wait(tunnel, &more);
		publish_event(tunnel, step.audit[i],
			more.length ? more.data : NULL, reason);
	}
	carry_out(tunnel, step.actions);
}

void tunnel_go_on(struct tunnel *tunnel)
{
	uint64_t now = uv_now(tunnel->supervisor->loop);

	publish_state(tunnel);
	if (tunnel->state == STATE_WAITING)
		uv_timer_start(&tunnel->timer, on_retry,
			tunnel->retry_at > now ? tunnel->retry_at - now : 0, 0);
	if (tunnel->state == STATE_CONNECTED || tunnel->state == STATE_DEGRADED)
		start_health(tunnel);
}

void tunnel_confirmed(struct tunnel *tunnel)
{
	tunnel->confirmed = true;
	if (tunnel->state == STATE_STOPPING)
		return;
	tunnel->confirmed_at = uv_now(tunnel->supervisor->loop);
	tunnel_event(tunnel, EVENT_CONFIRMED, NULL, NULL);
}

/* When to try again; true when there is no use in it. */
static bool schedule(struct tunnel *tunnel, enum ssh_cause cause)
{
	struct supervisor *supervisor = tunnel->supervisor;
	uint64_t now = uv_now(supervisor->loop);
	uint64_t up_ms = 0;
	uint32_t chance;

	if (tunnel->confirmed)
		up_ms = now - tunnel->confirmed_at + 1;
	tunnel->confirmed = false;
	uv_random(NULL, NULL, &chance, sizeof(chance), 0, NULL);
	/* Only those that fell together must not rise together. */
	if (now - supervisor->dropped_at > TOGETHER_MS)
		chance = 0;
	supervisor->dropped_at = now;
	tunnel->retry_at = now +
			   backoff_next(&tunnel->backoff, cause, up_ms, chance);
	return ssh_cause_is_final(cause);
}

/*
 * Wait for the next attempt, unless it is of no use or was the last. What ssh
 * said comes with advice.
 */
static void fail(struct tunnel *tunnel, enum ssh_cause cause, const char *said,
	bool advise)
{
	const struct bridge *bridge = &tunnel->bridge;
	bool final = schedule(tunnel, cause);
	AUTO(text) detail = TEXT_INIT;

	text_append(&detail, said ? said : "");
	if (!final && bridge->max_attempts &&
		tunnel->backoff.failures >= bridge->max_attempts) {
		final = true;
		text_format(&detail, " (attempt %u of %u)",
			tunnel->backoff.failures, bridge->max_attempts);
	}
	if (advise && *ssh_cause_advice(cause))
		text_format(&detail, "; %s", ssh_cause_advice(cause));
	tunnel_event(tunnel, final ? EVENT_GAVE_UP : EVENT_EXITED, detail.data,
		ssh_cause_name(cause));
}

void tunnel_ended(struct tunnel *tunnel, enum ssh_cause cause, const char *said)
{
	if (tunnel->state != STATE_STOPPING) {
		fail(tunnel, cause, said, true);
		return;
	}
	tunnel->confirmed = false;
	tunnel_event(tunnel, EVENT_EXITED,
		tunnel->next ? "restart" : tunnel->supervisor->stop_reason,
		NULL);
}

void tunnel_not_started(
	struct tunnel *tunnel, enum ssh_cause cause, const char *why)
{
	fail(tunnel, cause, why, false);
}
