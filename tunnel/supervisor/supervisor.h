/*
 * The shared supervisor: one process, one loop, every bridge of a state
 * directory. It carries out what tunnel/state/state_machine.h decides, one
 * tunnel at a time (tunnel.h).
 *
 * Its life is tmux's: the first `bridge up` starts it, it ends with its last
 * bridge. SIGTERM and SIGINT stop every bridge in order; whatever ends it
 * otherwise takes its ssh processes along (PR_SET_PDEATHSIG, prctl(2)).
 */
#ifndef TUNNEL_SUPERVISOR_H
#define TUNNEL_SUPERVISOR_H

#include "tunnel/supervisor/internal.h"

/*
 * Without a bridge, on the default loop; `files` stay the caller's. Free with
 * supervisor_release() once its loop has ended.
 */
void supervisor_init(
	struct supervisor *supervisor, const struct supervisor_files *files);

/* Close its handles; the loop's next turns free what they hold. */
void supervisor_close(struct supervisor *supervisor);
void supervisor_release(struct supervisor *supervisor);

/* Try everything that waits now, and check every connection's health. */
void supervisor_retry_all(struct supervisor *supervisor);

/* Stop every bridge, then end; `up --resume` would bring them back. */
void supervisor_stop_all(struct supervisor *supervisor, const char *reason);

#endif
