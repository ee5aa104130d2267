/*
 * What others are told of a tunnel: the audit log, its state file, those who
 * have subscribed, and the hooks of on_event.
 */
#ifndef TUNNEL_ANNOUNCE_H
#define TUNNEL_ANNOUNCE_H

#include "tunnel/supervisor/supervisor.h"

void announce_init(struct supervisor *supervisor);

/* An event; `detail` and `reason` may be NULL. */
void announce(struct tunnel *tunnel, enum audit_event event, const char *detail,
	const char *reason);

/* Its files but for the log: {name}.state and {name}.pid. */
void announce_state(struct tunnel *tunnel);
void announce_pid(struct tunnel *tunnel);
void announce_files(struct tunnel *tunnel);

/*
 * Are there hooks that run or wait? supervisor_end_if_idle() is called once
 * there are none, after ten seconds at the latest.
 */
bool announce_is_pending(struct supervisor *supervisor);

#endif
