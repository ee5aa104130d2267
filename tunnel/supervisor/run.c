#include "tunnel/supervisor/run.h"

#include "schema/base/trace.h"
#include "schema/base/version.h"
#include "tunnel/control/protocol.h"
#include "tunnel/state/state_dir.h"
#include "tunnel/supervisor/connect_queue.h"
#include "tunnel/supervisor/desired.h"
#include "tunnel/supervisor/handover.h"
#include "tunnel/supervisor/idle.h"
#include "tunnel/supervisor/requests.h"
#include "tunnel/supervisor/signals.h"
#include "tunnel/supervisor/state_dir_watch.h"
#include "tunnel/supervisor/supervisor.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { LINGER_MS = 10000 }; /* without a bridge, after the start */

static void on_signal(uv_signal_t *handle, int number)
{
	struct supervisor *supervisor = handle->data;

	if (number == SIGCHLD) {
		process_reap(&supervisor->processes);
		connect_queue_dispatch(supervisor);
	} else if (number != SIGHUP) {
		supervisor_stop_all(
			supervisor, "the supervisor was told to end");
	}
}

static void on_linger(uv_timer_t *timer)
{
	idle_end(timer->data);
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
		desired_write(supervisor);
	file_writer_flush(&supervisor->writer);
	/* Who is hung up on finds the files as they are going to stay. */
	server_stop(&supervisor->server);
	health_pool_destroy(supervisor->pool);
	resume_watch_destroy(supervisor->wake);
	state_dir_watch_close(supervisor->home);
	uv_run(supervisor->loop, UV_RUN_NOWAIT);
	for (size_t i = 0; i < COUNT(supervisor->signals); i++)
		uv_close((uv_handle_t *)&supervisor->signals[i], NULL);
	supervisor_close(supervisor);
	/* Replies are still on their way out; a stuck client must not hold. */
	uv_run(supervisor->loop, UV_RUN_NOWAIT);
	uv_run(supervisor->loop, UV_RUN_NOWAIT);
	uv_walk(supervisor->loop, close_rest, NULL);
	supervisor_release(supervisor);
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
	signals_hold(true);
	uv_queue_work(
		loop, own_alloc(sizeof(uv_work_t)), do_nothing, free_work);
}

int run_supervisor(const struct supervisor_files *files, int ready_fd,
	const json_t *handover)
{
	static const int numbers[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP};
	struct supervisor supervisor;
	struct server_handler handler = {.request = requests_handle,
		.gone = requests_client_gone,
		.data = &supervisor};
	int failed;

	prepare_process(files->directory);
	/* Before it is written over. */
	state_desired_is_damaged(files->directory);
	begin_threads(uv_default_loop());
	supervisor_init(&supervisor, files);
	for (size_t i = 0; i < COUNT(numbers); i++) {
		uv_signal_init(supervisor.loop, &supervisor.signals[i]);
		supervisor.signals[i].data = &supervisor;
		uv_signal_start(&supervisor.signals[i], on_signal, numbers[i]);
	}
	supervisor.wake = resume_watch_create(
		supervisor.loop, on_wake, &supervisor);
	supervisor.home = state_dir_watch_open(&supervisor);
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
	signals_hold(false);
	uv_timer_start(&supervisor.linger, on_linger, LINGER_MS, 0);
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
