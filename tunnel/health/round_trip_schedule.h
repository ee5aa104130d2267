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
struct look {
	/* Set these, then look_join(). */
	pid_t ssh;
	unsigned port;           /* of the service, 0 for a Unix socket */
	bool measured;           /* its requests can be told by their size */
	void (*ask)(void *data); /* begin a request soon */
	void *data;

	/* round_trip_schedule.c's own. */
	struct look **all;
	struct look *next;
	bool asking;  /* a request is under way */
	bool looking; /* and is looked for */
	bool looked;
	enum arrival_verdict arrived;
	struct arrival arrival;
	uint64_t queued; /* to look after others: since when, or 0 */
	bool seen;       /* since the connection is there */
	unsigned missed; /* in a row */
	unsigned unseen; /* requests since, that were not looked for */
};

/* `all` is the list of a pool's. */
void look_join(struct look *look, struct look **all);
void look_leave(struct look *look);

/*
 * Before a request, at a time that is not 0. False: not yet; ask() is called.
 * A request that is looked for must have a size of its own: look->looking.
 */
bool look_begin(struct look *look, uint64_t now);

/* As its answer begins; `sent` is the request's size. */
void look_at(struct look *look, size_t sent);

/*
 * After it. True: ask once more before anything is made of the answer, as a
 * connection may be gone again before it is looked at. Then look_wake().
 */
bool look_end(struct look *look);

/* Others may look now. */
void look_wake(const struct look *look);

/* Does something else answer? */
bool look_is_missed(const struct look *look);

/* It is not known whose a good answer is; it will be asked again. */
bool look_is_in_doubt(const struct look *look);

#endif
