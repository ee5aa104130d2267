/*
 * Internal to tunnel/supervisor/: what the supervisor holds in memory. Types
 * alone; each is changed by the file that has its name.
 */
#ifndef TUNNEL_SUPERVISOR_INTERNAL_H
#define TUNNEL_SUPERVISOR_INTERNAL_H

#include "schema/base/text.h"
#include "schema/bridge/bridge.h"
#include "tunnel/control/server.h"
#include "tunnel/health/health.h"
#include "tunnel/ssh/cause.h"
#include "tunnel/ssh/mux_client.h"
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
	struct control_master *master;
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

struct control_master {
	struct control_master *next;
	struct supervisor *supervisor;
	struct bridge bridge; /* of the first tunnel: the way */
	char *key;            /* the same for the same way */
	char socket[32];      /* names in the state directory */
	char hosts[32];       /* "" without pinned keys */
	struct process *process;
	bool speaking;                 /* the hellos are exchanged */
	bool ending;                   /* nobody joins any more */
	struct tunnel *tunnels;        /* all that are on it */
	struct stale_request *orphans; /* stale_request.h */
	struct mux_client *link;
};

/* What an attempt tells: attempt.h. */
struct attempt_handler {
	/* The forward is there, as ssh says. */
	void (*confirmed)(struct tunnel *tunnel);

	/*
	 * It has ended, for this reason; `said`, what ssh said of it, may be
	 * NULL. The tunnel may be gone afterwards.
	 */
	void (*ended)(
		struct tunnel *tunnel, enum ssh_cause cause, const char *said);
};

/* What a supervisor holds for life. */
struct supervisor_files {
	int directory; /* the state directory */
	int socket;    /* listening */
	int lock;      /* locked */
};

/* Who waits for an attempt: connect_queue.h. */
struct connect_queue {
	struct tunnel *first, **last;
	uv_timer_t turn;
	uv_timer_cb start; /* starts what can be; its data is the supervisor */
};

struct supervisor {
	uv_loop_t *loop;
	struct supervisor_files files;
	int directory;
	struct tunnel **tunnels; /* in the order of their names */
	size_t count, capacity;
	struct connect_queue queue;
	struct attempt_handler attempt;
	struct server server;
	struct file_writer writer;
	struct health_pool *pool;
	struct resume_watch *wake;
	struct state_dir_watch *home;
	struct processes processes;
	struct event_hooks hooks;
	struct control_master *masters;
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

#endif
