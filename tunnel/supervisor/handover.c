#include "tunnel/supervisor/handover.h"

#include "schema/base/json_line.h"
#include "schema/base/text.h"
#include "schema/base/version.h"
#include "schema/base/write_all.h"
#include "tunnel/control/protocol.h"
#include "tunnel/supervisor/attempt.h"
#include "tunnel/supervisor/connect_queue.h"
#include "tunnel/supervisor/control_master.h"
#include "tunnel/supervisor/registry.h"
#include "tunnel/supervisor/tunnel.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MAX_SAVED = 256 * 1024 * 1024 };

static json_t *save_time(const struct timespec *when)
{
	return json_pack(
		"[I, I]", (json_int_t)when->tv_sec, (json_int_t)when->tv_nsec);
}

static bool is_settled(const struct tunnel *tunnel)
{
	return tunnel->state != STATE_STOPPED &&
	       tunnel->state != STATE_STOPPING && !tunnel->next &&
	       !tunnel->stop_waiters &&
	       !(tunnel->process && tunnel->process->stopping);
}

static json_t *save_detail(const char *detail)
{
	AUTO(text) visible = TEXT_INIT;

	if (!detail)
		return json_null();
	text_append_visible(&visible, detail, strlen(detail));
	return json_string(visible.data ? visible.data : "");
}

static json_t *save_tunnel(const struct tunnel *tunnel)
{
	json_t *saved = json_pack("{s:o, s:s, s:o, s:s, s:o, s:o}",
		"definition", bridge_to_json(&tunnel->bridge, false), "state",
		state_word(tunnel->state), "since", save_time(&tunnel->since),
		"event", audit_event_name(tunnel->last.event), "when",
		save_time(&tunnel->last.when), "detail",
		save_detail(tunnel->last.detail));

	json_object_update_new(saved,
		json_pack("{s:I, s:b, s:b, s:I, s:I, s:i, s:i}", "attempts",
			(json_int_t)tunnel->attempts, "queued", tunnel->queued,
			"confirmed", tunnel->confirmed, "confirmed_at",
			(json_int_t)tunnel->confirmed_at, "retry_at",
			(json_int_t)tunnel->retry_at, "waits",
			(int)tunnel->backoff.waits, "failures",
			(int)tunnel->backoff.failures));
	if (tunnel->last.reason)
		json_object_set_new(
			saved, "reason", json_string(tunnel->last.reason));
	if (tunnel->process)
		json_object_set_new(
			saved, "process", process_save(tunnel->process));
	return saved;
}

json_t *handover_save(const struct supervisor *supervisor)
{
	json_t *tunnels = json_array();
	json_t *masters = json_array();
	json_t *saved = json_pack("{s:i, s:s, s:i, s:i, s:i, s:o, s:o}",
		"format", HANDOVER_FORMAT, "version", bridge_version,
		"directory", supervisor->files.directory, "socket",
		supervisor->files.socket, "lock", supervisor->files.lock,
		"tunnels", tunnels, "masters", masters);

	json_object_update_new(
		saved, json_pack("{s:I, s:b, s:I, s:O}", "master_names",
			       (json_int_t)supervisor->master_names, "old_ssh",
			       supervisor->old_ssh, "lost",
			       (json_int_t)supervisor->writer.lost, "wanted",
			       supervisor->wanted));
	if (!event_hooks_are_idle(&supervisor->hooks))
		goto busy;
	for (size_t i = 0; i < supervisor->count; i++) {
		if (!is_settled(supervisor->tunnels[i]))
			goto busy;
		json_array_append_new(
			tunnels, save_tunnel(supervisor->tunnels[i]));
	}
	for (const struct control_master *master = supervisor->masters; master;
		master = master->next) {
		json_t *one = control_master_save(master);

		if (!one)
			goto busy;
		json_array_append_new(masters, one);
	}
	return saved;
busy:
	json_decref(saved);
	return NULL;
}

/* Every descriptor that the new program is to find open. */
static void keep_open(const struct supervisor *supervisor, bool keep)
{
	int flag = keep ? 0 : FD_CLOEXEC;

	fcntl(supervisor->files.directory, F_SETFD, flag);
	fcntl(supervisor->files.socket, F_SETFD, flag);
	fcntl(supervisor->files.lock, F_SETFD, flag);
	for (const struct process *process = supervisor->processes.list;
		process; process = process->next)
		fcntl(process->stderr_fd, F_SETFD, flag);
	for (const struct control_master *master = supervisor->masters; master;
		master = master->next)
		if (control_master_fd(master) >= 0)
			fcntl(control_master_fd(master), F_SETFD, flag);
}

char *handover_exec(const struct supervisor *supervisor, const json_t *saved,
	const char *program)
{
	AUTO_FREE char *line = json_line(saved);
	AUTO_CLOSE int fd = -1;
	char number[16];
	int failure;

	fd = memfd_create("bridge-handover", MFD_CLOEXEC);
	if (fd < 0 || !write_all(fd, line, strlen(line)) ||
		lseek(fd, 0, SEEK_SET))
		return own_strdup(strerror(errno));
	/* Libraries may have opened some that live over an exec. */
	close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
	keep_open(supervisor, true);
	fcntl(fd, F_SETFD, 0);
	snprintf(number, sizeof(number), "%d", fd);
	execl(program, "bridge-supervisor", HANDOVER_ARGUMENT, number,
		(char *)NULL);
	failure = errno;
	keep_open(supervisor, false);
	return own_strdup(strerror(failure));
}

static int file_of(const json_t *saved, const char *key)
{
	const json_t *number = json_object_get(saved, key);
	int fd = json_is_integer(number) ? (int)json_integer_value(number) : -1;

	return fd >= 0 && !fcntl(fd, F_SETFD, FD_CLOEXEC) ? fd : -1;
}

json_t *handover_open(int fd, struct supervisor_files *files)
{
	AUTO(text) text = TEXT_INIT;
	bool got = text_read(&text, fd, MAX_SAVED);
	json_t *saved = got ? json_loadb(text.data, text.length, 0, NULL)
			    : NULL;

	close(fd);
	files->directory = file_of(saved, "directory");
	files->socket = file_of(saved, "socket");
	files->lock = file_of(saved, "lock");
	if (files->directory >= 0 && files->socket >= 0 && files->lock >= 0)
		return saved;
	fputs("bridge-supervisor: what was handed over makes no sense\n",
		stderr);
	json_decref(saved);
	return NULL;
}

static json_int_t number(const json_t *saved, const char *key)
{
	return json_integer_value(json_object_get(saved, key));
}

static bool is_set(const json_t *saved, const char *key)
{
	return json_is_true(json_object_get(saved, key));
}

static struct timespec restore_time(const json_t *saved, const char *key)
{
	const json_t *when = json_object_get(saved, key);

	return (struct timespec){
		.tv_sec = json_integer_value(json_array_get(when, 0)),
		.tv_nsec = json_integer_value(json_array_get(when, 1)),
	};
}

static void restore_last(struct last_event *last, const json_t *saved)
{
	const char *detail = json_text(saved, "detail");
	const char *reason = json_text(saved, "reason");

	last->event = audit_event_find(json_text(saved, "event"));
	last->when = restore_time(saved, "when");
	if (reason)
		last->reason = ssh_cause_name(ssh_cause_find(reason));
	last->detail = detail ? own_strdup(detail) : NULL;
}

static void restore_tunnel(struct supervisor *supervisor, const json_t *saved)
{
	AUTO(bridge) bridge = BRIDGE_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	enum bridge_state state = state_find(json_text(saved, "state"));
	struct tunnel *tunnel;

	if (!bridge_from_json(
		    &bridge, json_object_get(saved, "definition"), &diags) ||
		registry_find(supervisor, bridge.name)) {
		fprintf(stderr, "bridge-supervisor: a bridge is lost: %s\n",
			diags.count ? diags.list[0].message : "it is twice");
		process_disown(json_object_get(saved, "process"));
		return;
	}
	tunnel = registry_add(supervisor, &bridge);
	tunnel->state = state == STATE_COUNT ? STATE_STARTING : state;
	tunnel->since = restore_time(saved, "since");
	restore_last(&tunnel->last, saved);
	tunnel->attempts = (unsigned long)number(saved, "attempts");
	if (is_set(saved, "queued"))
		connect_queue_add(tunnel);
	tunnel->confirmed = is_set(saved, "confirmed");
	tunnel->confirmed_at = (uint64_t)number(saved, "confirmed_at");
	tunnel->retry_at = (uint64_t)number(saved, "retry_at");
	tunnel->backoff.waits = (unsigned)number(saved, "waits");
	tunnel->backoff.failures = (unsigned)number(saved, "failures");
	attempt_restore(tunnel, json_object_get(saved, "process"));
}

static bool needs_ssh(const struct tunnel *tunnel)
{
	return tunnel->state == STATE_STARTING ||
	       tunnel->state == STATE_RETRYING ||
	       tunnel->state == STATE_CONNECTED ||
	       tunnel->state == STATE_DEGRADED;
}

/* What could not be taken over is a drop like any other. */
static void check_restored(struct tunnel *tunnel)
{
	bool attempting = tunnel->process || tunnel->master || tunnel->queued;

	tunnel_go_on(tunnel);
	if (needs_ssh(tunnel) && !attempting)
		tunnel_ended(
			tunnel, SSH_KILLED, "its ssh was lost in the upgrade");
}

void handover_restore(struct supervisor *supervisor, const json_t *saved)
{
	json_t *wanted = json_object_get(saved, "wanted");
	size_t i;
	json_t *one;

	supervisor->master_names = (unsigned long)number(saved, "master_names");
	supervisor->old_ssh = is_set(saved, "old_ssh");
	supervisor->writer.lost = (unsigned long)number(saved, "lost");
	if (json_is_object(wanted)) {
		json_decref(supervisor->wanted);
		supervisor->wanted = json_deep_copy(wanted);
	}
	json_array_foreach(json_object_get(saved, "tunnels"), i, one)
		restore_tunnel(supervisor, one);
	json_array_foreach(json_object_get(saved, "masters"), i, one)
		control_master_restore(supervisor, one);
	for (size_t k = supervisor->count; k-- > 0;)
		check_restored(supervisor->tunnels[k]);
	/* Those that have ended while nobody looked. */
	process_reap(&supervisor->processes);
	connect_queue_dispatch(supervisor);
}
