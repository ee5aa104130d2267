/*
 * The shared supervisor: one process, one loop, every bridge of a state
 * directory. It carries out what tunnel/state/state_machine.h decides;
 * attempt.h runs ssh, requests.c answers clients, tunnel/state/file_writer.h
 * writes files, tunnel/health/health.h asks URLs.
 *
 * Its life is tmux's: the first `bridge up` starts it, it ends with its last
 * bridge. SIGTERM and SIGINT stop every bridge in order; whatever ends it
 * otherwise takes its ssh processes along (PR_SET_PDEATHSIG, prctl(2)).
 */
#ifndef TUNNEL_SUPERVISOR_H
#define TUNNEL_SUPERVISOR_H

#include "schema/base/text.h"
#include "schema/bridge/bridge.h"
#include "tunnel/control/server.h"
#include "tunnel/health/health.h"
#include "tunnel/ssh/argv.h"
#include "tunnel/ssh/process.h"
#include "tunnel/state/file_writer.h"
#include "tunnel/state/state_machine.h"
#include "tunnel/supervisor/backoff.h"
#include "tunnel/supervisor/event_hook.h"
#include "tunnel/supervisor/resume_watch.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>
#include <uv.h>

enum {
	SUPERVISOR_HANDSHAKES = 4,    /* at a time per host and port */
	SUPERVISOR_LINGER_MS = 10000, /* without a bridge, after the start */
};

/* Where a tunnel is on the way to its forward on a shared connection. */
enum master_place {
	PLACE_NONE,
	PLACE_WAITING, /* for the connection */
	PLACE_OPENING, /* asked for the forward */
	PLACE_OPEN,
	PLACE_CLOSING, /* asked for its end, or for the connection's */
};

/* A client that waits for an answer which comes later. */
struct waiter {
	struct waiter *next;
	struct server_client *client;
	json_t *id;
	bool restarts; /* it waits for the new beginning, too */
};

struct last_event {
	enum audit_event event;
	struct timespec when;
	const char *reason; /* ssh_cause_name(), or NULL */
	char *detail;
};

/* One bridge at run time. */
struct tunnel {
	struct supervisor *supervisor;
	struct bridge bridge;
	struct bridge *next; /* the definition to restart with, or NULL */
	enum bridge_state state;
	struct backoff backoff;
	struct timespec since; /* of this state, wall clock */
	struct last_event last;
	unsigned long attempts; /* ssh processes started so far */
	bool queued; /* waits for a handshake slot: connect_queue.h */
	struct tunnel *next_queued;
	bool confirmed;        /* the forward is there */
	uint64_t confirmed_at; /* uv_now(), while confirmed */

	/* What runs for it: its own ssh, or a place on a shared one. */
	struct process *process;
	struct master *master;
	struct tunnel *next_on_master;
	enum master_place place;
	uint32_t request; /* the mux request that is not answered yet */

	/* Retry, or the deadline of a mux request: never two at once. */
	uv_timer_t timer;
	uint64_t retry_at; /* uv_now() of the next attempt, in WAITING */

	struct health_check *health;
	struct health_result health_result;
	struct waiter *stop_waiters;
};

/* What a supervisor holds for life. */
struct supervisor_files {
	int directory; /* the state directory */
	int socket;    /* listening */
	int lock;      /* locked */
};

struct queue {
	struct tunnel *first, **last;
	uv_timer_t turn;
};

struct supervisor {
	uv_loop_t *loop;
	struct supervisor_files files;
	int directory;
	struct tunnel **tunnels; /* in the order of their names */
	size_t count, capacity;
	struct queue queue;
	struct server server;
	struct writer writer;
	struct health_pool *pool;
	struct wake *wake;
	struct home *home;
	struct processes processes;
	struct hooks hooks;
	struct master *masters;
	unsigned long master_names; /* given so far */
	uint64_t dropped_at;        /* uv_now() of the last attempt's end */
	uv_signal_t signals[4];
	uv_timer_t linger;
	uv_timer_t last_hooks; /* what is left of them when all has stopped */
	uv_timer_t save;       /* gathers changes of .desired.json */
	/* By name: what another supervisor ran when it ended unasked. */
	json_t *wanted;
	bool old_ssh; /* ssh before 8.5: no LogVerbose */
	bool ending;
	const char *stop_reason; /* for the audit lines; NULL: by request */
};

/*
 * Run until the last bridge is gone. ready_fd (or -1) is told "ready\n" and
 * closed as soon as requests are answered. `handover` is what another program
 * has left for this one (handover.h), or NULL. An exit status.
 */
int supervisor_run(const struct supervisor_files *files, int ready_fd,
	const json_t *handover);

struct tunnel *supervisor_find(
	const struct supervisor *supervisor, const char *name);

/* A new one in state stopped; the definition's content is taken over. */
struct tunnel *supervisor_add(
	struct supervisor *supervisor, struct bridge *definition);

/*
 * Let an event happen to a tunnel: the machine's step, its audit lines, the
 * state file, the subscribers, its actions. `detail` and `reason` (may be
 * NULL) go into the audit line. The tunnel may be gone afterwards.
 */
void tunnel_event(struct tunnel *tunnel, enum bridge_event event,
	const char *detail, const char *reason);

/* What is to run from now on; nothing does. The definition is taken over. */
void tunnel_define(struct tunnel *tunnel, struct bridge *definition);

/*
 * Take over a definition that needs no new connection
 * (bridge_same_connection()) while the tunnel runs; its content is taken.
 */
void tunnel_update(struct tunnel *tunnel, struct bridge *definition);

/*
 * Go on in the state that handover.c has set: its timer, its health check, its
 * files.
 */
void tunnel_go_on(struct tunnel *tunnel);

/* Try everything that waits now, and check every connection's health. */
void supervisor_retry_all(struct supervisor *supervisor);

/* .desired.json will be written again soon, unless a signal ends us: then it
 * keeps what is wanted, for `up --resume`. */
void supervisor_save(struct supervisor *supervisor);

/* `up --resume` brings it back no more; false when it would not have. */
bool supervisor_forget(struct supervisor *supervisor, const char *name);

/* What supervisor_save() has put off, if anything. */
void supervisor_save_now(struct supervisor *supervisor);

/* End when there is no bridge and nobody who wants us to stay. */
void supervisor_end_if_idle(struct supervisor *supervisor);

/* Stop every bridge, then end; `up --resume` would bring them back. */
void supervisor_stop_all(struct supervisor *supervisor, const char *reason);

/* requests.c */
void request_handle(
	struct server_client *client, const json_t *request, void *data);
void request_client_gone(struct server_client *client, void *data);

/* The tunnel has stopped: tell those who wait for it. */
void request_tell_stopped(struct tunnel *tunnel, bool starts);

enum status_form {
	STATUS_FULL = 0,
	STATUS_BRIEF = 1 << 0,      /* no more than a table shows */
	STATUS_DEFINITION = 1 << 1, /* and the definition it runs with */
};

/*
 * status.c: append the JSON object that `status` shows for a tunnel; `form` is
 * of enum status_form.
 */
void tunnel_status(
	struct text *out, const struct tunnel *tunnel, unsigned form);

#endif
