#include "tunnel/supervisor/attempt.h"

#include "tunnel/state/state_dir.h"
#include "tunnel/supervisor/connect_queue.h"
#include "tunnel/supervisor/control_master.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_HOSTS = 2 * 1024 * 1024, TOGETHER_MS = 1000 };

pid_t attempt_pid(const struct tunnel *tunnel)
{
	const struct process *process = tunnel->process;

	if (tunnel->master)
		process = tunnel->master->process;
	return process ? process->pid : 0;
}

void attempt_confirmed(struct tunnel *tunnel)
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

void attempt_ended(
	struct tunnel *tunnel, enum ssh_cause cause, const char *said)
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

bool attempt_is_old_ssh(
	struct supervisor *supervisor, const struct process *process)
{
	if (supervisor->old_ssh || process->cause != SSH_CONFIG ||
		!process->said || !strcasestr(process->said, "logverbose"))
		return false;
	supervisor->old_ssh = true;
	return true;
}

/* As they are written from the last time, they do: the disk may be full. */
bool attempt_write_hosts(const struct supervisor *supervisor,
	const struct bridge *bridge, const char *file)
{
	AUTO_FREE char *keys = ssh_known_hosts(bridge);
	AUTO_FREE char *old = state_read(
		supervisor->directory, file, MAX_HOSTS);
	size_t length = strlen(keys);

	if (old && strlen(old) + 1 == length && !strncmp(old, keys, length - 1))
		return true;
	return state_write(supervisor->directory, file, keys, length, false);
}

static void on_confirmed(struct process *process, void *data)
{
	(void)process;
	attempt_confirmed(data);
}

static void on_ended(struct process *process, void *data)
{
	struct tunnel *tunnel = data;

	tunnel->process = NULL;
	if (tunnel->state != STATE_STOPPING &&
		attempt_is_old_ssh(tunnel->supervisor, process)) {
		queue_add(tunnel);
		return;
	}
	attempt_ended(tunnel, process->cause, process->said);
}

bool attempt_restore(struct tunnel *tunnel, const json_t *process)
{
	const struct process_handler handler = {
		.confirmed = on_confirmed, .ended = on_ended, .data = tunnel};

	if (json_is_object(process))
		tunnel->process = process_restore(
			&tunnel->supervisor->processes, process, handler);
	return tunnel->process != NULL;
}

/* The files ssh is pointed at, in the state directory where it runs. */
static bool prepare(const struct tunnel *tunnel, struct text *hosts,
	struct text *socket, struct ssh_options *options)
{
	const struct bridge *bridge = &tunnel->bridge;

	options->old_ssh = tunnel->supervisor->old_ssh;
	if (bridge_checks_remotely(bridge)) {
		text_format(socket, "./.%s.health", bridge->name);
		options->health_socket = socket->data;
	}
	if (!ssh_has_pins(bridge))
		return true;
	text_format(hosts, ".%s.hosts", bridge->name);
	options->known_hosts = hosts->data;
	return attempt_write_hosts(tunnel->supervisor, bridge, hosts->data);
}

/* An ssh of its own. Why not is for people, malloc'd; NULL when it started. */
static char *start_process(struct tunnel *tunnel, enum ssh_cause *cause)
{
	const struct process_handler handler = {
		.confirmed = on_confirmed, .ended = on_ended, .data = tunnel};
	struct ssh_options options = {.old_ssh = false};
	AUTO(diags) diags = DIAGS_INIT;
	AUTO(text) hosts = TEXT_INIT;
	AUTO(text) socket = TEXT_INIT;
	char **argv = NULL;
	char *why = NULL;

	if (!prepare(tunnel, &hosts, &socket, &options))
		return own_strdup(strerror(errno));
	if (!ssh_argv(&argv, &tunnel->bridge, &options, &diags)) {
		*cause = SSH_CONFIG;
		return own_strdup(diags.list[0].message);
	}
	tunnel->process = process_start(&tunnel->supervisor->processes, argv,
		ssh_confirmation(&tunnel->bridge), handler, &why);
	ssh_argv_free(argv);
	return why;
}

void attempt_start(struct tunnel *tunnel)
{
	enum ssh_cause cause = SSH_UNKNOWN;
	AUTO_FREE char *why = NULL;

	tunnel->confirmed = false;
	why = tunnel->bridge.share_connection ? master_join(tunnel, &cause)
					      : start_process(tunnel, &cause);
	if (!why) {
		tunnel->attempts++;
		return;
	}
	fail(tunnel, cause, why, false);
}

bool attempt_stop(struct tunnel *tunnel)
{
	if (tunnel->master)
		return master_leave(tunnel);
	if (!tunnel->process)
		return false;
	process_stop(tunnel->process);
	return true;
}
