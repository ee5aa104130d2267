/*
 * One bridge at run time: what happens to it goes through the state machine,
 * and what that decides is done here.
 */
#ifndef TUNNEL_TUNNEL_H
#define TUNNEL_TUNNEL_H

#include "tunnel/ssh/cause.h"
#include "tunnel/supervisor/internal.h"

/*
 * Let an event happen to a tunnel: the machine's step, its audit lines, the
 * state file, the subscribers, its actions. `detail` and `reason` (may be
 * NULL) go into the audit line. The tunnel may be gone afterwards.
 */
void tunnel_event(struct tunnel *tunnel, enum bridge_event event,
	const char *detail, const char *reason);

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

/* The attempt's handler: internal.h. */
void tunnel_confirmed(struct tunnel *tunnel);
void tunnel_ended(
	struct tunnel *tunnel, enum ssh_cause cause, const char *said);

/* Its attempt could not be started; `why` is for people. */
void tunnel_not_started(
	struct tunnel *tunnel, enum ssh_cause cause, const char *why);

#endif
