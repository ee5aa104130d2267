/*
 * When a health check from the remote end looks whether its request has come
 * back (round_trip.h). That takes as long as ssh has connections, so that of
 * the checks over one ssh one looks at a time, and not always: what sshd has
 * bound once stays bound.
 */
#ifndef TUNNEL_LOOK_H
#define TUNNEL_LOOK_H

#include "tunnel/health/round_trip.h"

#include <stdint.h>

/* Of one check; all zero for one that is not asked from there. */
struct round_trip_schedule {
	/* Set these, then round_trip_schedule_join(). */
	pid_t ssh;
	unsigned port;           /* of the service, 0 for a Unix socket */
	bool measured;           /* its requests can be told by their size */
	void (*ask)(void *data); /* begin a request soon */
	void *data;

	/* round_trip_schedule.c's own. */
	struct round_trip_schedule **all;
	struct round_trip_schedule *next;
	bool asking;  /* a request is under way */
	bool looking; /* and is looked for */
	bool looked;
	enum round_trip_verdict arrived;
	struct round_trip trip;
	uint64_t queued; /* to look after others: since when, or 0 */
	bool seen;       /* since the connection is there */
	unsigned missed; /* in a row */
	unsigned unseen; /* requests since, that were not looked for */
};

/* `all` is the list of a pool's. */
void round_trip_schedule_join(
	struct round_trip_schedule *schedule, struct round_trip_schedule **all);
void round_trip_schedule_leave(struct round_trip_schedule *schedule);

/*
 * Before a request, at a time that is not 0. False: not yet; ask() is called.
 * A request that is looked for must have a size of its own: schedule->looking.
 */
bool round_trip_schedule_begin(
	struct round_trip_schedule *schedule, uint64_t now);

/* As its answer begins; `sent` is the request's size. */
void round_trip_schedule_at(struct round_trip_schedule *schedule, size_t sent);

/*
 * After it. True: ask once more before anything is made of the answer, as a
 * connection may be gone again before it is looked at. Then
 * round_trip_schedule_wake().
 */
bool round_trip_schedule_end(struct round_trip_schedule *schedule);

/* Others may look now. */
void round_trip_schedule_wake(const struct round_trip_schedule *schedule);

/* Does something else answer? */
bool round_trip_schedule_is_missed(const struct round_trip_schedule *schedule);

/* It is not known whose a good answer is; it will be asked again. */
bool round_trip_schedule_is_in_doubt(
	const struct round_trip_schedule *schedule);

#endif
