/*
 * The life of one bridge as a table: what happens in a state decides the next
 * state, what is to be done and what is written to the audit log. Nothing here
 * knows processes, time or files; tunnel/supervisor/supervisor.c carries the
 *actions out.
 *
 *	stopped -> starting -> connected <-> degraded
 *	               |           |            |
 *	               v           v            v
 *	           waiting <-> retrying -> connected | failed
 *
 * Users see waiting and retrying as one state, "reconnecting".
 */
#ifndef TUNNEL_MACHINE_H
#define TUNNEL_MACHINE_H

enum bridge_state {
	STATE_STOPPED,
	STATE_STARTING,  /* first attempt: queued, or ssh is at work */
	STATE_CONNECTED, /* sshd has confirmed the forward */
	STATE_DEGRADED,  /* connected, and the health check fails */
	STATE_WAITING,   /* a timer runs until the next attempt */
	STATE_RETRYING,  /* a later attempt: queued, or ssh is at work */
	STATE_FAILED,    /* no further attempt unless somebody asks */
	STATE_STOPPING,  /* asked to stop; the process has not ended yet */
	STATE_COUNT
};

enum bridge_event {
	EVENT_UP,        /* a client wants it up */
	EVENT_DOWN,      /* a client wants it down */
	EVENT_CONFIRMED, /* ssh says the remote forward is there */
	EVENT_EXITED,    /* ssh has ended; try again */
	EVENT_GAVE_UP,   /* ssh has ended; no use in trying again */
	EVENT_TIMER,     /* the wait is over, or something says: try now */
	EVENT_UNHEALTHY,
	EVENT_HEALTHY,
	EVENT_COUNT
};

enum audit_event {
	AUDIT_NOTHING,
	AUDIT_STARTED,
	AUDIT_CONNECTED,
	AUDIT_DISCONNECTED,
	AUDIT_RECONNECTING,
	AUDIT_UNHEALTHY,
	AUDIT_RECOVERED,
	AUDIT_STOPPED,
	AUDIT_FAILED,
	/* No transitions: another definition, a hook that failed. */
	AUDIT_UPDATED,
	AUDIT_HOOK_FAILED,
	AUDIT_EVENTS
};

enum machine_action {
	ACTION_SPAWN = 1 << 0,      /* queue for a handshake slot */
	ACTION_KILL = 1 << 1,       /* SIGTERM, SIGKILL later */
	ACTION_SCHEDULE = 1 << 2,   /* start the wait */
	ACTION_CANCEL = 1 << 3,     /* stop the wait */
	ACTION_HEALTH_ON = 1 << 4,  /* start checking */
	ACTION_HEALTH_OFF = 1 << 5, /* stop checking */
	ACTION_FORGET = 1 << 6,     /* nothing of it is left */
};

struct transition {
	enum bridge_state next;
	unsigned actions;          /* enum machine_action */
	enum audit_event audit[2]; /* in this order */
};

/* Total: every event is defined in every state, if only to be ignored. */
struct transition state_machine_step(enum bridge_state, enum bridge_event);

/* "stopped", "starting", "connected", "degraded", "reconnecting", ... */
const char *state_name(enum bridge_state state);

/* One word for each state, also for those that share a name. */
const char *state_word(enum bridge_state state);

/* "up", "confirmed", "exited", ...: for traces. */
const char *bridge_event_word(enum bridge_event event);

/* STATE_COUNT for an unknown word or NULL. */
enum bridge_state state_find(const char *word);

/* AUDIT_NOTHING for an unknown name or NULL. */
enum audit_event audit_event_find(const char *name);

/* "bridge_started", "health_check_failed", ...; "" for AUDIT_NOTHING. */
const char *audit_event_name(enum audit_event event);

#endif
