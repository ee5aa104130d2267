#include "tunnel/supervisor/supervisor.h"

#include "tunnel/state/state_dir.h"
#include "tunnel/supervisor/connect_queue.h"
#include "tunnel/supervisor/desired.h"
#include "tunnel/supervisor/dispatch.h"
#include "tunnel/supervisor/idle.h"
#include "tunnel/supervisor/publish.h"
#include "tunnel/supervisor/tunnel.h"

#include <stdlib.h>

static void on_idle(void *data)
{
	idle_end(data);
}

void supervisor_init(
	struct supervisor *supervisor, const struct supervisor_files *files)
{
	*supervisor = (struct supervisor){
		.loop = uv_default_loop(),
		.files = *files,
		.directory = files->directory,
		.wanted = state_desired(files->directory),
		.attempt = {tunnel_confirmed, tunnel_ended},
	};
	supervisor->processes.loop = supervisor->loop;
	publish_init(supervisor, on_idle);
	connect_queue_init(supervisor, dispatch_turn);
	uv_timer_init(supervisor->loop, &supervisor->linger);
	uv_timer_init(supervisor->loop, &supervisor->save);
	supervisor->linger.data = supervisor;
	supervisor->save.data = supervisor;
	file_writer_init(
		&supervisor->writer, supervisor->loop, files->directory);
}

void supervisor_close(struct supervisor *supervisor)
{
	uv_close((uv_handle_t *)&supervisor->linger, NULL);
	uv_close((uv_handle_t *)&supervisor->save, NULL);
	uv_close((uv_handle_t *)&supervisor->queue.turn, NULL);
	uv_close((uv_handle_t *)&supervisor->last_hooks, NULL);
}

void supervisor_release(struct supervisor *supervisor)
{
	free(supervisor->tunnels);
	json_decref(supervisor->wanted);
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

void supervisor_stop_all(struct supervisor *supervisor, const char *reason)
{
	if (!supervisor->stop_reason) {
		desired_keep(supervisor);
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
	idle_end(supervisor);
}
