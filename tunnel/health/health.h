/*
 * HTTP health checks inside the loop, by libcurl's multi interface
 * (libcurl-multi(3), curl_multi_socket_action(3)). One request at most per
 * check at a time; a slow endpoint delays nobody.
 *
 * Healthy: the status code is expected and the response ends in time, or has
 * given 64 KiB of body, or is an event stream (text/event-stream never ends,
 * so its headers decide). Redirects are answers like any other, proxies from
 * the environment are not used, and only http and https are spoken. What is
 * asked for from the remote end must come back to this side (round_trip.h).
 */
#ifndef TUNNEL_HEALTH_H
#define TUNNEL_HEALTH_H

#include "schema/bridge/bridge.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <uv.h>

struct health_pool;
struct health_check;

struct health_result {
	bool known; /* at least one check has ended */
	bool ok;
	long status; /* HTTP status, 0 without an answer */
	uint64_t latency_ms;
	unsigned failures; /* in a row */
	bool stream;       /* the answer is text/event-stream */
	bool endless;      /* more was sent than is read */
	char message[160]; /* why not, or "" */
};

/* NULL when libcurl cannot be had. */
struct health_pool *health_pool_create(uv_loop_t *loop);

/* All checks must have been stopped. Accepts NULL. */
void health_pool_destroy(struct health_pool *pool);

/* How a check gets to the remote end, in place of the URL's host. */
struct health_way {
	const char *socket; /* the path of a Unix socket of our ssh */
	pid_t ssh;
};

/*
 * Check now and then at the bridge's interval. `changed` is called after
 * every check. `way` is NULL for a check from here.
 */
struct health_check *health_start(struct health_pool *pool,
	const struct bridge *bridge, const struct health_way *way,
	void (*changed)(const struct health_result *result, void *data),
	void *data);

/* Accepts NULL. `changed` is not called again. */
void health_stop(struct health_check *check);

/* Check now instead of at the end of the interval. */
void health_probe(struct health_check *check);

/*
 * Check once, here and now, as health_start() would; false when libcurl cannot
 * be had. For programs without a loop of their own.
 */
bool health_ask(const struct bridge *bridge, struct health_result *result);

/* Is code in a list such as "200-399,418"? */
bool health_status_expected(const char *list, long code);

#endif
