/*
 * Two things that make waiting pointless: the machine woke from a suspend,
 * and it got a new network address. Both are learned without polling: a timer
 * that never expires but is cancelled when the clock is set, as it is at
 * resume (timerfd_create(2), TFD_TIMER_CANCEL_ON_SET), and rtnetlink(7).
 */
#ifndef TUNNEL_WAKE_H
#define TUNNEL_WAKE_H

#include <uv.h>

struct resume_watch;

/* `woken` is told why: "resumed after 35 s", "new network address". */
struct resume_watch *resume_watch_create(uv_loop_t *loop,
	void (*woken)(const char *why, void *data), void *data);

/* Accepts NULL. */
void resume_watch_destroy(struct resume_watch *wake);

#endif
