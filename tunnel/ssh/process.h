/*
 * One running ssh: its stderr is read as it comes, for the line that confirms
 * that it does what it is for and for the cause of its end. It is killed when
 * the supervisor dies, however that dies (PR_SET_PDEATHSIG, prctl(2)).
 */
#ifndef TUNNEL_PROCESS_H
#define TUNNEL_PROCESS_H

#include "schema/base/text.h"
#include "tunnel/ssh/cause.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <uv.h>

enum {
	PROCESS_HANDSHAKE_MS = 45000, /* from the start to the confirmation */
	PROCESS_KILL_MS = 5000,       /* from SIGTERM to SIGKILL */
};

struct process;

struct process_handler {
	/* The confirmation was seen; not while it is being stopped. */
	void (*confirmed)(struct process *process, void *data);
	/*
	 * It has ended: cause and said tell why, confirmed whether it had ever
	 * been told so. It is freed when this returns.
	 */
	void (*ended)(struct process *process, void *data);
	void *data;
};

/* Every ssh of a supervisor, for whoever reaps. */
struct processes {
	uv_loop_t *loop;
	struct process *list;
	/* A child that is none of them; may be NULL. */
	void (*other)(pid_t pid, int status, void *data);
	void *data;
};

struct process {
	struct processes *all;
	struct process *next;
	struct process_handler handler;
	pid_t pid;
	uint64_t started_at; /* uv_now() */
	char *confirmation;  /* what to look for, until it is seen */
	bool confirmed;      /* and handler.confirmed has been called */
	bool stopping;
	enum ssh_cause cause;
	char *said; /* the line that told the cause, or the last */

	/* process.c's own. */
	int stderr_fd;
	uv_poll_t poll;
	uv_timer_t timer; /* handshake deadline, or SIGKILL */
	struct text line; /* of stderr, incomplete */
	unsigned open_handles;
};

/*
 * Start it; argv is borrowed, the confirmation taken over. NULL when it could
 * not be started: *why says it, malloc'd.
 */
struct process *process_start(struct processes *all, char **argv,
	char *confirmation, struct process_handler handler, char **why);

/*
 * What another program needs to go on with it in our place, over an execve(2)
 * that leaves process.stderr_fd open; a new reference.
 */
json_t *process_save(const struct process *process);

/* End the child instead. */
void process_disown(const json_t *saved);

/* NULL for what process_save() has not made: such a child is ended. */
struct process *process_restore(struct processes *all, const json_t *saved,
	struct process_handler handler);

/* SIGTERM now, SIGKILL when it has not ended in time. Twice is once. */
void process_stop(struct process *process);

/* Collect every child that has ended. */
void process_reap(struct processes *all);

#endif
