/*
 * One attempt to bring a tunnel up, from its turn in the queue to its end: by
 * an ssh of its own, or on the connection it shares (control_master.h). How it
 * goes is told to the supervisor's attempt_handler.
 */
#ifndef TUNNEL_ATTEMPT_H
#define TUNNEL_ATTEMPT_H

#include "tunnel/supervisor/internal.h"

/*
 * Its turn has come. NULL, or why it could not be started: for people, to be
 * freed, and *cause is set; nothing is told to the handler then.
 */
char *attempt_start(struct tunnel *tunnel, enum ssh_cause *cause);

/*
 * End it; the handler is told when it has ended. False when there is nothing
 * to end.
 */
bool attempt_stop(struct tunnel *tunnel);

/* Go on with the ssh that process_save() tells of; false when there is none. */
bool attempt_restore(struct tunnel *tunnel, const json_t *process);

#endif
