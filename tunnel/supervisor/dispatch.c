#include "tunnel/supervisor/dispatch.h"

#include "tunnel/supervisor/attempt.h"
#include "tunnel/supervisor/connect_queue.h"
#include "tunnel/supervisor/control_master.h"
#include "tunnel/supervisor/tunnel.h"

#include <stdlib.h>
#include <string.h>

enum { HANDSHAKES = 4 }; /* at a time per host and port */

/*
 * The first moments of an ssh are all computing. Only so many of them at a
 * time, however many hosts there are; after that they wait for the network.
 */
enum {
	STARTS = 8, /* until the loop goes round */
	YOUNG = 32,
	YOUNG_MS = 500,
};

static bool same_host(const struct bridge *a, const struct bridge *b)
{
	return !strcmp(a->host, b->host) && a->ssh_port == b->ssh_port;
}

/* Those whose ssh has not connected yet: few, however many are queued. */
struct handshakes {
	const struct bridge **list;
	size_t count, capacity;
};

static void add_handshake(
	struct handshakes *handshakes, const struct bridge *bridge)
{
	handshakes->list = own_grow(handshakes->list, handshakes->count,
		&handshakes->capacity, sizeof(*handshakes->list));
	handshakes->list[handshakes->count++] = bridge;
}

static struct handshakes find_handshakes(const struct supervisor *supervisor)
{
	struct handshakes found = {.list = NULL};

	for (size_t i = 0; i < supervisor->count; i++)
		if (supervisor->tunnels[i]->process &&
			!supervisor->tunnels[i]->confirmed)
			add_handshake(&found, &supervisor->tunnels[i]->bridge);
	for (const struct control_master *master = supervisor->masters; master;
		master = master->next)
		if (!master->process->confirmed)
			add_handshake(&found, &master->bridge);
	return found;
}

/* A connection that is there already costs no handshake. */
static bool has_slot(
	const struct handshakes *handshakes, const struct tunnel *tunnel)
{
	unsigned busy = 0;

	if (tunnel->bridge.share_connection && control_master_find(tunnel))
		return true;
	for (size_t i = 0; i < handshakes->count; i++)
		busy += same_host(handshakes->list[i], &tunnel->bridge);
	return busy < HANDSHAKES;
}

static struct tunnel *next_in_queue(struct supervisor *supervisor)
{
	struct handshakes handshakes = find_handshakes(supervisor);
	struct tunnel *tunnel = supervisor->queue.first;

	while (tunnel && !has_slot(&handshakes, tunnel))
		tunnel = tunnel->next_queued;
	free(handshakes.list);
	return tunnel;
}

/* Milliseconds until one more may start: 0 is now. */
static uint64_t wait_ms(const struct supervisor *supervisor)
{
	uint64_t now = uv_now(supervisor->loop);
	uint64_t oldest = now;
	unsigned young = 0;

	/* The newest come first. */
	for (const struct process *process = supervisor->processes.list;
		process && now - process->started_at < YOUNG_MS;
		process = process->next) {
		if (process->confirmed)
			continue;
		oldest = process->started_at;
		young++;
	}
	return young < YOUNG ? 0 : oldest + YOUNG_MS - now;
}

static void start(struct tunnel *tunnel)
{
	enum ssh_cause cause = SSH_UNKNOWN;
	AUTO_FREE char *why = attempt_start(tunnel, &cause);

	if (why)
		tunnel_not_started(tunnel, cause, why);
}

void dispatch_turn(uv_timer_t *timer)
{
	struct supervisor *supervisor = timer->data;
	struct tunnel *tunnel;

	for (int i = 0; i < STARTS; i++) {
		uint64_t wait = wait_ms(supervisor);

		if (wait) {
			uv_timer_start(timer, dispatch_turn, wait, 0);
			return;
		}
		if (supervisor->ending || !(tunnel = next_in_queue(supervisor)))
			return;
		connect_queue_remove(tunnel);
		start(tunnel);
	}
	connect_queue_dispatch(supervisor);
}
