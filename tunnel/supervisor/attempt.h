/*
 * One attempt to bring a tunnel up, from its turn in the queue to its end: by
 * an ssh of its own, or on the connection it shares (control_master.h).
 */
#ifndef TUNNEL_ATTEMPT_H
#define TUNNEL_ATTEMPT_H

#include "tunnel/supervisor/supervisor.h"

/* Its turn has come; how it ends is an event. */
void attempt_start(struct tunnel *tunnel);

/* The ssh that carries the tunnel, or 0. */
pid_t attempt_pid(const struct tunnel *tunnel);

/*
 * End it; EVENT_EXITED comes when it has ended. False when there is nothing
 * to end.
 */
bool attempt_stop(struct tunnel *tunnel);

/* The forward is there, as ssh says. */
void attempt_confirmed(struct tunnel *tunnel);

/*
 * It has ended, for this reason: let the machine know, and when to try again.
 * The tunnel may be gone afterwards.
 */
void attempt_ended(
	struct tunnel *tunnel, enum ssh_cause cause, const char *said);

/*
 * The file with the pinned host keys of a bridge, written to the state
 * directory under this name. False with errno set.
 */
bool attempt_write_hosts(const struct supervisor *supervisor,
	const struct bridge *bridge, const char *file);

/*
 * Has ssh refused an option that only an old one does? From now on all are
 * started without it.
 */
bool attempt_is_old_ssh(
	struct supervisor *supervisor, const struct process *process);

/* Go on with the ssh that process_save() tells of; false when there is none. */
bool attempt_restore(struct tunnel *tunnel, const json_t *process);

#endif
