/*
 * What others are told of a tunnel: the audit log, its state file, those who
 * have subscribed, and the hooks of on_event.
 */
#ifndef TUNNEL_ANNOUNCE_H
#define TUNNEL_ANNOUNCE_H

#include "tunnel/supervisor/internal.h"

/* `idle` is called, with the supervisor, when no hook runs or waits. */
void publish_init(struct supervisor *supervisor, void (*idle)(void *data));

/* An event; `detail` and `reason` may be NULL. */
void publish_event(struct tunnel *tunnel, enum audit_event event,
	const char *detail, const char *reason);

/* Its files but for the log: {name}.state and {name}.pid. */
void publish_state(struct tunnel *tunnel);
void publish_pid(struct tunnel *tunnel);
void publish_files(struct tunnel *tunnel);

/*
 * Are there hooks that run or wait? `idle` is called once there are none,
 * after ten seconds at the latest.
 */
bool publish_is_pending(struct supervisor *supervisor);

#endif
