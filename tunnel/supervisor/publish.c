#include "tunnel/supervisor/publish.h"

#include "tunnel/state/audit_log.h"
#include "tunnel/state/state_dir.h"
#include "tunnel/supervisor/attempt.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { HOOKS_MS = 10000 }; /* what is left for them after the last bridge */

static void publish(struct tunnel *tunnel, enum audit_event event)
{
	struct supervisor *supervisor = tunnel->supervisor;
	AUTO(text) line = TEXT_INIT;

	if (!server_has_subscribers(&supervisor->server))
		return;
	text_format(&line, "{\"event\":\"%s\",\"bridge\":", audit_name(event));
	tunnel_status(&line, tunnel, STATUS_FULL);
	text_append(&line, "}\n");
	server_broadcast(&supervisor->server, &line);
}

static void audit(struct tunnel *tunnel, enum audit_event event,
	const char *detail, const char *reason)
{
	struct audit_record record = {
		.event = event,
		.detail = detail,
		.reason = reason,
		.pid = attempt_pid(tunnel),
	};

	AUTO_FREE char *copy = NULL;
	char *line;

	clock_gettime(CLOCK_REALTIME, &record.when);
	tunnel->last.event = event;
	tunnel->last.when = record.when;
	tunnel->last.reason = reason;
	free(tunnel->last.detail);
	tunnel->last.detail = detail ? own_strdup(detail) : NULL;
	line = audit_line(&tunnel->bridge, &record);
	copy = own_strdup(line);
	/* Before what a hook that is left out for it says. */
	writer_audit(&tunnel->supervisor->writer, tunnel->bridge.name, line);
	hooks_run(&tunnel->supervisor->hooks, &tunnel->bridge,
		audit_name(event), state_name(tunnel->state), copy);
}

void announce(struct tunnel *tunnel, enum audit_event event, const char *detail,
	const char *reason)
{
	audit(tunnel, event, detail, reason);
	publish(tunnel, event);
}

void announce_state(struct tunnel *tunnel)
{
	AUTO_FREE char *file = state_file(tunnel->bridge.name, ".state");
	AUTO(text) word = TEXT_INIT;

	text_format(&word, "%s\n", state_name(tunnel->state));
	writer_replace(&tunnel->supervisor->writer, file, text_detach(&word));
}

void announce_pid(struct tunnel *tunnel)
{
	AUTO_FREE char *file = state_file(tunnel->bridge.name, ".pid");
	AUTO(text) pid = TEXT_INIT;

	text_format(&pid, "%d\n", getpid());
	writer_replace(&tunnel->supervisor->writer, file, text_detach(&pid));
}

void announce_files(struct tunnel *tunnel)
{
	announce_pid(tunnel);
	announce_state(tunnel);
}

/* Not told to the hooks: one that fails would be told so for ever. */
static void on_hook_failed(
	const char *bridge, const char *line, const char *why, void *data)
{
	struct supervisor *supervisor = data;
	struct audit_record record = {
		.event = AUDIT_HOOK_FAILED, .detail = why};
	char *more;

	clock_gettime(CLOCK_REALTIME, &record.when);
	/* The bridge may be gone by now. */
	more = audit_line_after(line, &record);
	if (more)
		writer_audit(&supervisor->writer, bridge, more);
}

static void on_hooks_idle(void *data)
{
	supervisor_end_if_idle(data);
}

static void on_hooks_late(uv_timer_t *timer)
{
	struct supervisor *supervisor = timer->data;

	hooks_end(&supervisor->hooks);
	supervisor_end_if_idle(supervisor);
}

static void on_other_child(pid_t pid, int status, void *data)
{
	struct supervisor *supervisor = data;

	hooks_reaped(&supervisor->hooks, pid, status);
}

bool announce_is_pending(struct supervisor *supervisor)
{
	if (hooks_are_idle(&supervisor->hooks))
		return false;
	if (!uv_is_active((uv_handle_t *)&supervisor->last_hooks))
		uv_timer_start(
			&supervisor->last_hooks, on_hooks_late, HOOKS_MS, 0);
	return true;
}

void announce_init(struct supervisor *supervisor)
{
	supervisor->processes.other = on_other_child;
	supervisor->processes.data = supervisor;
	hooks_init(&supervisor->hooks, supervisor->loop, on_hook_failed,
		on_hooks_idle, supervisor);
	uv_timer_init(supervisor->loop, &supervisor->last_hooks);
	supervisor->last_hooks.data = supervisor;
}
