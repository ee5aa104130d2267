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
struct arrival {
	pid_t ssh;
	unsigned long *sockets; /* inodes, sorted */
	size_t count;
	bool known; /* false when it cannot be seen */
};

#define ARRIVAL_INIT                                                           \
	{                                                                      \
		.sockets = NULL                                                \
	}

enum arrival_verdict {
	ARRIVAL_UNKNOWN, /* this system does not let us see it */
	ARRIVAL_SEEN,
	ARRIVAL_MISSED,
};

/* Before the request goes out. */
void arrival_prepare(struct arrival *arrival, pid_t ssh);

/*
 * While the request's own connection is open and its answer has begun. `port`
 * is the service's, 0 for a Unix socket; `sent` is the size of the request, 0
 * where it is not known, as with TLS.
 */
enum arrival_verdict arrival_look(
	const struct arrival *arrival, unsigned port, size_t sent);

void arrival_release(struct arrival *arrival);

#endif
