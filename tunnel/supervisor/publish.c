#include "tunnel/supervisor/publish.h"

#include "tunnel/state/audit_log.h"
#include "tunnel/state/state_dir.h"
#include "tunnel/supervisor/status.h"

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
	text_format(&line,
		"{\"event\":\"%s\",\"bridge\":", audit_event_name(event));
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
		.pid = tunnel_pid(tunnel),
	};

	AUTO_FREE char *copy = NULL;
	char *line;

	clock_gettime(CLOCK_REALTIME, &record.when);
	tunnel->last.event = event;
	tunnel->last.when = record.when;
	tunnel->last.reason = reason;
	free(tunnel->last.detail);
	tunnel->last.detail = detail ? own_strdup(detail) : NULL;
	line = audit_log_line(&tunnel->bridge, &record);
	copy = own_strdup(line);
	/* Before what a hook that is left out for it says. */
	file_writer_audit(
		&tunnel->supervisor->writer, tunnel->bridge.name, line);
	event_hooks_run(&tunnel->supervisor->hooks, &tunnel->bridge,
		audit_event_name(event), state_name(tunnel->state), copy);
}

void publish_event(struct tunnel *tunnel, enum audit_event event,
	const char *detail, const char *reason)
{
	audit(tunnel, event, detail, reason);
	publish(tunnel, event);
}

void publish_state(struct tunnel *tunnel)
{
	AUTO_FREE char *file = state_file(tunnel->bridge.name, ".state");
	AUTO(text) word = TEXT_INIT;

	text_format(&word, "%s\n", state_name(tunnel->state));
	file_writer_replace(
		&tunnel->supervisor->writer, file, text_detach(&word));
}

void publish_pid(struct tunnel *tunnel)
{
	AUTO_FREE char *file = state_file(tunnel->bridge.name, ".pid");
	AUTO(text) pid = TEXT_INIT;

	text_format(&pid, "%d\n", getpid());
	file_writer_replace(
		&tunnel->supervisor->writer, file, text_detach(&pid));
}

void publish_files(struct tunnel *tunnel)
{
	publish_pid(tunnel);
	publish_state(tunnel);
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
	more = audit_log_line_after(line, &record);
	if (more)
		file_writer_audit(&supervisor->writer, bridge, more);
}

static void on_hooks_late(uv_timer_t *timer)
{
	struct supervisor *supervisor = timer->data;

	event_hooks_end(&supervisor->hooks);
	supervisor->hooks.idle(supervisor);
}

static void on_other_child(pid_t pid, int status, void *data)
{
	struct supervisor *supervisor = data;

	event_hooks_reaped(&supervisor->hooks, pid, status);
}

bool publish_is_pending(struct supervisor *supervisor)
{
	if (event_hooks_are_idle(&supervisor->hooks))
		return false;
	if (!uv_is_active((uv_handle_t *)&supervisor->last_hooks))
		uv_timer_start(
			&supervisor->last_hooks, on_hooks_late, HOOKS_MS, 0);
	return true;
}

void publish_init(struct supervisor *supervisor, void (*idle)(void *data))
{
	supervisor->processes.other = on_other_child;
	supervisor->processes.data = supervisor;
	event_hooks_init(&supervisor->hooks, supervisor->loop, on_hook_failed,
		idle, supervisor);
	uv_timer_init(supervisor->loop, &supervisor->last_hooks);
	supervisor->last_hooks.data = supervisor;
}
