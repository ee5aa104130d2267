/*
 * The commands that tunnels.yaml asks to be run on every event (on_event): an
 * argument vector and never a shell, with the audit line on standard input and
 * BRIDGE_NAME, BRIDGE_EVENT, BRIDGE_STATE and BRIDGE_ACTOR in the environment.
 *
 * They are kept in bounds: a few at a time, one of each bridge, so that it sees
 * its events in order; ended after ten seconds; and when too many wait, the
 * oldest are left out. What goes wrong is told, and stops nothing.
 */
#ifndef TUNNEL_HOOK_H
#define TUNNEL_HOOK_H

#include "schema/bridge/bridge.h"

#include <stdbool.h>
#include <sys/types.h>
#include <uv.h>

enum {
	EVENT_HOOK_MAX_RUNNING = 4,
	EVENT_HOOK_MAX_WAITING = 256,
	EVENT_HOOK_MAX_MS = 10000, /* until SIGTERM */
	EVENT_HOOK_KILL_MS = 2000, /* from there to SIGKILL */
};

struct event_hook;

struct event_hooks {
	uv_loop_t *loop;
	struct event_hook *running;
	struct event_hook *waiting, **last;
	unsigned running_count, waiting_count;
	/* A hook of this bridge, for this line, failed, was ended or left out.
	 */
	void (*failed)(const char *bridge, const char *line, const char *why,
		void *data);
	/* Nothing runs or waits any more. */
	void (*idle)(void *data);
	void *data;
};

void event_hooks_init(struct event_hooks *hooks, uv_loop_t *loop,
	void (*failed)(const char *bridge, const char *line, const char *why,
		void *data),
	void (*idle)(void *data), void *data);

/* Run bridge->on_event, if it has one, now or when it is its turn. */
void event_hooks_run(struct event_hooks *hooks, const struct bridge *bridge,
	const char *event, const char *state, const char *line);

/* A child has ended; false when it was none of ours. */
bool event_hooks_reaped(struct event_hooks *hooks, pid_t pid, int status);

bool event_hooks_are_idle(const struct event_hooks *hooks);

/* End what runs, now, and leave out what waits. */
void event_hooks_end(struct event_hooks *hooks);

#endif
