/*
 * Has a request that went out through a bridge come back by it? An answer alone
 * does not say so: at the remote end something else may hold the port on the
 * address that was asked, and answer.
 *
 * What comes back is a new connection of our ssh to the service, on which it
 * has written as much as we have sent. /proc/PID/fd (proc(5)) tells which
 * sockets are new, pidfd_getfd(2) (Linux 5.6) lends them, TCP_INFO (tcp(7),
 * Linux 4.19) counts. Where they are not lent, their number has to do.
 */
#ifndef TUNNEL_ARRIVAL_H
#define TUNNEL_ARRIVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What an ssh has open before a request; owns its list. */
struct round_trip {
	pid_t ssh;
	unsigned long *sockets; /* inodes, sorted */
	size_t count;
	bool known; /* false when it cannot be seen */
};

#define ROUND_TRIP_INIT                                                        \
	{                                                                      \
		.sockets = NULL                                                \
	}

enum round_trip_verdict {
	ROUND_TRIP_UNKNOWN, /* this system does not let us see it */
	ROUND_TRIP_SEEN,
	ROUND_TRIP_MISSED,
};

/* Before the request goes out. */
void round_trip_prepare(struct round_trip *trip, pid_t ssh);

/*
 * While the request's own connection is open and its answer has begun. `port`
 * is the service's, 0 for a Unix socket; `sent` is the size of the request, 0
 * where it is not known, as with TLS.
 */
enum round_trip_verdict round_trip_look(
	const struct round_trip *trip, unsigned port, size_t sent);

void round_trip_release(struct round_trip *trip);

#endif
