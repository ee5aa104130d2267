#include "tunnel/supervisor/supervisor.h"

#include "schema/base/json_line.h"
#include "schema/base/trace.h"
#include "schema/base/version.h"
#include "tunnel/control/protocol.h"
#include "tunnel/state/state_dir.h"
#include "tunnel/supervisor/attempt.h"
#include "tunnel/supervisor/connect_queue.h"
#include "tunnel/supervisor/handover.h"
#include "tunnel/supervisor/publish.h"
#include "tunnel/supervisor/state_dir_watch.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Where a name is, or where it would have to be put. */
static size_t position(const struct supervisor *supervisor, const char *name)
{
	size_t low = 0;
	size_t high = supervisor->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(supervisor->tunnels[middle]->bridge.name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct tunnel *supervisor_find(
	const struct supervisor *supervisor, const char *name)
{
	size_t at = position(supervisor, name);

	if (at == supervisor->count ||
		strcmp(supervisor->tunnels[at]->bridge.name, name))
		return NULL;
	return supervisor->tunnels[at];
}

void tunnel_define(struct tunnel *tunnel, struct bridge *definition)
{
	bridge_release(&tunnel->bridge);
	tunnel->bridge = *definition;
	*definition = (struct bridge)BRIDGE_INIT;
	tunnel->backoff = (struct backoff){
		.initial_ms = tunnel->bridge.backoff_initial_ms,
		.max_ms = tunnel->bridge.backoff_max_ms,
	};
	supervisor_save(tunnel->supervisor);
}

struct tunnel *supervisor_add(
	struct supervisor *supervisor, struct bridge *definition)
{
	struct tunnel *tunnel = own_alloc(sizeof(*tunnel));
	size_t at = position(supervisor, definition->name);

	tunnel->supervisor = supervisor;
	json_object_del(supervisor->wanted, definition->name);
	uv_timer_init(supervisor->loop, &tunnel->timer);
	tunnel->timer.data = tunnel;
	clock_gettime(CLOCK_REALTIME, &tunnel->since);
	tunnel_define(tunnel, definition);
	if (supervisor->count == supervisor->capacity) {
		supervisor->capacity = supervisor->capacity * 2 + 16;
		supervisor->tunnels = own_realloc(supervisor->tunnels,
			supervisor->capacity, sizeof(struct tunnel *));
	}
	memmove(supervisor->tunnels + at + 1, supervisor->tunnels + at,
		(supervisor->count - at) * sizeof(struct tunnel *));
	supervisor->tunnels[at] = tunnel;
	supervisor->count++;
	uv_timer_stop(&supervisor->linger);
	uv_timer_stop(&supervisor->last_hooks);
	announce_pid(tunnel);
	return tunnel;
}

static void free_tunnel(uv_handle_t *handle)
{
	struct tunnel *tunnel = handle->data;

	bridge_release(&tunnel->bridge);
	free(tunnel->last.detail);
	free(tunnel);
}

void supervisor_end_if_idle(struct supervisor *supervisor)
{
	if (supervisor->count || supervisor->ending)
		return;
	if (announce_is_pending(supervisor))
		return;
	if (!supervisor->stop_reason && server_has_staying(&supervisor->server))
		return;
	supervisor->ending = true;
	uv_stop(supervisor->loop);
}

static void forget(struct tunnel *tunnel)
{
	struct supervisor *supervisor = tunnel->supervisor;
	size_t at = position(supervisor, tunnel->bridge.name);
	AUTO_FREE char *pid = state_file(tunnel->bridge.name, ".pid");
	AUTO(text) hidden = TEXT_INIT;

	writer_replace(&supervisor->writer, pid, NULL);
	text_format(&hidden, ".%s.hosts", tunnel->bridge.name);
	unlinkat(supervisor->directory, hidden.data, 0);
	text_clear(&hidden);
	text_format(&hidden, ".%s.health", tunnel->bridge.name);
	unlinkat(supervisor->directory, hidden.data, 0);
	supervisor->count--;
	memmove(supervisor->tunnels + at, supervisor->tunnels + at + 1,
		(supervisor->count - at) * sizeof(struct tunnel *));
	supervisor_save(supervisor);
	request_tell_stopped(tunnel, false);
	uv_close((uv_handle_t *)&tunnel->timer, free_tunnel);
	supervisor_end_if_idle(supervisor);
}

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
		way.ssh = attempt_pid(tunnel);
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
	tunnel_define(tunnel, definition);
	backoff.initial_ms = tunnel->backoff.initial_ms;
	backoff.max_ms = tunnel->backoff.max_ms;
	tunnel->backoff = backoff;
	if (detail.length) {
		announce(tunnel, AUDIT_UPDATED, detail.data, NULL);
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
		forget(tunnel);
		return;
	}
	tunnel->next = NULL;
	tunnel_define(tunnel, next);
	free(next);
	request_tell_stopped(tunnel, true);
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
		queue_add(tunnel);
	if (actions & ACTION_KILL) {
		queue_remove(tunnel);
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
		queue_dispatch(supervisor);
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
	struct transition step = machine_step(before, event);
	bool renamed = strcmp(state_name(before), state_name(step.next)) != 0;

	trace("event", tunnel->bridge.name, "%s: %s -> %s%s%s",
		event_word(event), state_word(before), state_word(step.next),
		detail ? "; " : "", detail ? detail : "");
	tunnel->state = step.next;
	if (renamed) {
		clock_gettime(CLOCK_REALTIME, &tunnel->since);
		announce_state(tunnel);
	}
	for (size_t i = 0; i < COUNT(step.audit); i++) {
		AUTO(text) more = TEXT_INIT;

		if (step.audit[i] == AUDIT_NOTHING)
			continue;
		if (detail)
			text_append(&more, detail);
		if (step.audit[i] == AUDIT_RECONNECTING)
			describe_wait(tunnel, &more);
		announce(tunnel, step.audit[i], more.length ? more.data : NULL,
			reason);
	}
	carry_out(tunnel, step.actions);
}

void tunnel_go_on(struct tunnel *tunnel)
{
	uint64_t now = uv_now(tunnel->supervisor->loop);

	announce_state(tunnel);
	if (tunnel->state == STATE_WAITING)
		uv_timer_start(&tunnel->timer, on_retry,
			tunnel->retry_at > now ? tunnel->retry_at - now : 0, 0);
	if (tunnel->state == STATE_CONNECTED || tunnel->state == STATE_DEGRADED)
		start_health(tunnel);
}

void supervisor_retry_all(struct supervisor *supervisor)
{
	for (size_t i = 0; i < supervisor->count; i++) {
		struct tunnel *tunnel = supervisor->tunnels[i];

		health_probe(tunnel->health);
		tunnel->backoff.waits = 0;
		if (tunnel->state == STATE_WAITING)
			tunnel_event(tunnel, EVENT_TIMER, NULL, NULL);
	}
}

/* By name, as they are defined. */
static json_t *running(const struct supervisor *supervisor)
{
	json_t *all = json_object();

	for (size_t i = 0; i < supervisor->count; i++)
		json_object_set_new(all, supervisor->tunnels[i]->bridge.name,
			bridge_to_json(&supervisor->tunnels[i]->bridge, false));
	return all;
}

static void write_desired(struct supervisor *supervisor)
{
	json_auto_t *all = json_copy(supervisor->wanted);

	/* What ends with the supervisor is in there already. */
	if (!supervisor->stop_reason)
		json_object_update_new(all, running(supervisor));
	writer_replace(&supervisor->writer, STATE_DESIRED, json_line(all));
}

static void on_save(uv_timer_t *timer)
{
	write_desired(timer->data);
}

/* Many changes come together: one write serves them all. */
void supervisor_save(struct supervisor *supervisor)
{
	if (!supervisor->stop_reason &&
		!uv_is_active((uv_handle_t *)&supervisor->save))
		uv_timer_start(&supervisor->save, on_save, 20, 0);
}

bool supervisor_forget(struct supervisor *supervisor, const char *name)
{
	if (json_object_del(supervisor->wanted, name))
		return false;
	if (supervisor->stop_reason)
		write_desired(supervisor);
	else
		supervisor_save(supervisor);
	return true;
}

void supervisor_save_now(struct supervisor *supervisor)
{
	if (!uv_is_active((uv_handle_t *)&supervisor->save))
		return;
	uv_timer_stop(&supervisor->save);
	write_desired(supervisor);
}

void supervisor_stop_all(struct supervisor *supervisor, const char *reason)
{
	if (!supervisor->stop_reason) {
		uv_timer_stop(&supervisor->save);
		json_object_update_new(supervisor->wanted, running(supervisor));
		write_desired(supervisor);
	}
	supervisor->stop_reason = reason;
	for (size_t i = supervisor->count; i-- > 0;) {
		struct tunnel *tunnel = supervisor->tunnels[i];

		if (tunnel->next) {
			bridge_release(tunnel->next);
			free(tunnel->next);
			tunnel->next = NULL;
		}
		tunnel_event(tunnel, EVENT_DOWN, supervisor->stop_reason, NULL);
	}
	supervisor_end_if_idle(supervisor);
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct supervisor *supervisor = handle->data;

	if (number == SIGCHLD) {
		process_reap(&supervisor->processes);
		queue_dispatch(supervisor);
	} else if (number != SIGHUP) {
		supervisor_stop_all(
			supervisor, "the supervisor was told to end");
	}
}

static void on_linger(uv_timer_t *timer)
{
	supervisor_end_if_idle(timer->data);
}

static void on_wake(const char *why, void *data)
{
	(void)why;
	supervisor_retry_all(data);
}

static void prepare_process(int directory)
{
	struct rlimit files;

	if (!getrlimit(RLIMIT_NOFILE, &files)) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	signal(SIGPIPE, SIG_IGN);
	trace_open();
	/* ssh finds its files by short names, wherever the directory is. */
	if (fchdir(directory))
		perror("bridge-supervisor: cannot enter the state directory");
	/* Messages are matched; nobody is there to be asked for anything. */
	setenv("LC_ALL", "C", 1);
	setenv("SSH_ASKPASS_REQUIRE", "never", 1);
}

static void close_rest(uv_handle_t *handle, void *data)
{
	(void)data;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void shut_down(struct supervisor *supervisor)
{
	/*
	 * The socket goes first: who connects from now on finds nobody and
	 * starts a new supervisor, which waits for our lock.
	 */
	unlinkat(supervisor->directory, STATE_SOCKET, 0);
	server_hush(&supervisor->server);
	if (!supervisor->stop_reason)
		write_desired(supervisor);
	writer_flush(&supervisor->writer);
	/* Who is hung up on finds the files as they are going to stay. */
	server_stop(&supervisor->server);
	health_pool_destroy(supervisor->pool);
	wake_destroy(supervisor->wake);
	home_close(supervisor->home);
	uv_run(supervisor->loop, UV_RUN_NOWAIT);
	for (size_t i = 0; i < COUNT(supervisor->signals); i++)
		uv_close((uv_handle_t *)&supervisor->signals[i], NULL);
	uv_close((uv_handle_t *)&supervisor->linger, NULL);
	uv_close((uv_handle_t *)&supervisor->save, NULL);
	uv_close((uv_handle_t *)&supervisor->queue.turn, NULL);
	uv_close((uv_handle_t *)&supervisor->last_hooks, NULL);
	/* Replies are still on their way out; a stuck client must not hold. */
	uv_run(supervisor->loop, UV_RUN_NOWAIT);
	uv_run(supervisor->loop, UV_RUN_NOWAIT);
	uv_walk(supervisor->loop, close_rest, NULL);
	free(supervisor->tunnels);
	json_decref(supervisor->wanted);
}

static void do_nothing(uv_work_t *work)
{
	(void)work;
}

static void free_work(uv_work_t *work, int status)
{
	(void)status;
	free(work);
}

/*
 * libuv's threads begin with the signals held back, and so never take one: it
 * is this thread alone that does, and that can hold them back for an upgrade
 * (whose end this may be).
 */
static void begin_threads(uv_loop_t *loop)
{
	handover_hold_signals(true);
	uv_queue_work(
		loop, own_alloc(sizeof(uv_work_t)), do_nothing, free_work);
}

int supervisor_run(const struct supervisor_files *files, int ready_fd,
	const json_t *handover)
{
	static const int numbers[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP};
	struct supervisor supervisor = {.files = *files,
		.directory = files->directory,
		.wanted = state_desired(files->directory)};
	struct server_handler handler = {.request = request_handle,
		.gone = request_client_gone,
		.data = &supervisor};
	int failed;

	prepare_process(files->directory);
	/* Before it is written over. */
	state_desired_is_damaged(files->directory);
	supervisor.loop = uv_default_loop();
	begin_threads(supervisor.loop);
	supervisor.processes.loop = supervisor.loop;
	announce_init(&supervisor);
	queue_init(&supervisor);
	uv_timer_init(supervisor.loop, &supervisor.linger);
	uv_timer_init(supervisor.loop, &supervisor.save);
	supervisor.linger.data = &supervisor;
	supervisor.save.data = &supervisor;
	writer_init(&supervisor.writer, supervisor.loop, files->directory);
	for (size_t i = 0; i < COUNT(numbers); i++) {
		uv_signal_init(supervisor.loop, &supervisor.signals[i]);
		supervisor.signals[i].data = &supervisor;
		uv_signal_start(&supervisor.signals[i], on_signal, numbers[i]);
	}
	supervisor.wake = wake_create(supervisor.loop, on_wake, &supervisor);
	supervisor.home = home_open(&supervisor);
	failed = server_start(&supervisor.server, supervisor.loop,
		files->socket,
		json_pack("{s:i, s:s, s:i}", "bridge", CONTROL_PROTOCOL,
			"version", bridge_version, "pid", getpid()),
		handler);
	if (failed) {
		fprintf(stderr, "bridge-supervisor: cannot listen: %s\n",
			uv_strerror(failed));
		return 3;
	}
	handover_hold_signals(false);
	uv_timer_start(&supervisor.linger, on_linger, SUPERVISOR_LINGER_MS, 0);
	if (handover)
		handover_restore(&supervisor, handover);
	if (ready_fd >= 0) {
		if (write(ready_fd, "ready\n", 6) < 0)
			perror("bridge-supervisor: ready");
		close(ready_fd);
	}
	uv_run(supervisor.loop, UV_RUN_DEFAULT);
	shut_down(&supervisor);
	return 0;
}
