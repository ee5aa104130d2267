/*
 * When to try again. A drop after a connection retries at once; after that
 * the wait starts at backoff_initial, doubles up to backoff_max, and starts
 * over once a connection has held for a minute. Every wait is spread by 10 %
 * so that bridges which fell together do not rise together.
 *
 * Pure: time and chance come in as arguments.
 */
#ifndef TUNNEL_BACKOFF_H
#define TUNNEL_BACKOFF_H

#include "tunnel/ssh/cause.h"

#include <stdint.h>

enum {
	BACKOFF_STEADY_MS = 60000, /* connected this long: all is forgotten */
	BACKOFF_SPREAD_MS = 200,   /* how far "at once" is spread */
};

struct backoff {
	uint64_t initial_ms, max_ms;
	unsigned waits;    /* since the last steady connection */
	unsigned failures; /* failed attempts in a row */
};

/*
 * One attempt has ended. up_ms is how long the forward had been confirmed, 0
 * when it never was; chance is uniform over all of uint32_t. Returns the wait
 * in milliseconds.
 */
uint64_t backoff_next(struct backoff *backoff, enum ssh_cause cause,
	uint64_t up_ms, uint32_t chance);

#endif
