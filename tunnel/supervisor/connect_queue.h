/*
 * Who waits for an attempt, first come, first served, as far as there are
 * handshakes left for the host: sshd drops those that are too many
 * (MaxStartups, sshd_config(5)).
 *
 * A few are started at a time, and then the loop goes round: starting a
 * thousand must not keep those waiting who ask.
 */
#ifndef TUNNEL_QUEUE_H
#define TUNNEL_QUEUE_H

#include "tunnel/supervisor/supervisor.h"

void queue_init(struct supervisor *supervisor);

/* At the end; once is enough. */
void queue_add(struct tunnel *tunnel);

/* Nothing when it is not in it. */
void queue_remove(struct tunnel *tunnel);

/* Something has changed: start what can be, soon. */
void queue_dispatch(struct supervisor *supervisor);

#endif
