/*
 * Who waits for an attempt, first come, first served. A few are started at a
 * time, and then the loop goes round: starting a thousand must not keep those
 * waiting who ask.
 */
#ifndef TUNNEL_QUEUE_H
#define TUNNEL_QUEUE_H

#include "tunnel/supervisor/internal.h"

/* `start` is called in a turn of its own, as long as somebody waits. */
void connect_queue_init(struct supervisor *supervisor, uv_timer_cb start);

/* At the end; once is enough. */
void connect_queue_add(struct tunnel *tunnel);

/* Nothing when it is not in it. */
void connect_queue_remove(struct tunnel *tunnel);

/* Something has changed: start what can be, soon. */
void connect_queue_dispatch(struct supervisor *supervisor);

#endif
