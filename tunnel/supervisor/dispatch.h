#ifndef TUNNEL_DISPATCH_H
#define TUNNEL_DISPATCH_H

#include <uv.h>

/*
 * The connect queue's turn (connect_queue.h): start those for whose host there
 * is a handshake left. sshd drops those that are too many (MaxStartups,
 * sshd_config(5)).
 */
void dispatch_turn(uv_timer_t *timer);

#endif
