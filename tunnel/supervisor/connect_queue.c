#include "tunnel/supervisor/connect_queue.h"

#include "tunnel/supervisor/attempt.h"
#include "tunnel/supervisor/control_master.h"

#include <stdlib.h>
#include <string.h>

/*
 * The first moments of an ssh are all computing. Only so many of them at a
 * time, however many hosts there are; after that they wait for the network.
 */
enum {
	STARTS = 8, /* until the loop goes round */
	YOUNG = 32,
	YOUNG_MS = 500,
};

void queue_add(struct tunnel *tunnel)
{
	struct queue *queue = &tunnel->supervisor->queue;

	if (tunnel->queued)
		return;
	tunnel->queued = true;
	tunnel->next_queued = NULL;
	*queue->last = tunnel;
	queue->last = &tunnel->next_queued;
}

void queue_remove(struct tunnel *tunnel)
{
	struct queue *queue = &tunnel->supervisor->queue;
	struct tunnel **link = &queue->first;

	if (!tunnel->queued)
		return;
	while (*link != tunnel)
		link = &(*link)->next_queued;
	*link = tunnel->next_queued;
	if (!*link)
		queue->last = link;
	tunnel->queued = false;
}

static bool same_host(const struct bridge *a, const struct bridge *b)
{
	return !strcmp(a->host, b->host) && a->ssh_port == b->ssh_port;
}

/* Those whose ssh has not connected yet: few, however many are queued. */
struct handshakes {
	const struct bridge **list;
	size_t count;
};

static void add_handshake(
	struct handshakes *handshakes, const struct bridge *bridge)
{
	handshakes->list = own_realloc(handshakes->list, handshakes->count + 1,
		sizeof(*handshakes->list));
	handshakes->list[handshakes->count++] = bridge;
}

static struct handshakes find_handshakes(const struct supervisor *supervisor)
{
	struct handshakes found = {.list = NULL};

	for (size_t i = 0; i < supervisor->count; i++)
		if (supervisor->tunnels[i]->process &&
			!supervisor->tunnels[i]->confirmed)
			add_handshake(&found, &supervisor->tunnels[i]->bridge);
	for (const struct master *master = supervisor->masters; master;
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

	if (tunnel->bridge.share_connection && master_find(tunnel))
		return true;
	for (size_t i = 0; i < handshakes->count; i++)
		busy += same_host(handshakes->list[i], &tunnel->bridge);
	return busy < SUPERVISOR_HANDSHAKES;
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

static void on_turn(uv_timer_t *timer)
{
	struct supervisor *supervisor = timer->data;
	struct tunnel *tunnel;

	for (int i = 0; i < STARTS; i++) {
		uint64_t wait = wait_ms(supervisor);

		if (wait) {
			uv_timer_start(timer, on_turn, wait, 0);
			return;
		}
		if (supervisor->ending || !(tunnel = next_in_queue(supervisor)))
			return;
		queue_remove(tunnel);
		attempt_start(tunnel);
	}
	queue_dispatch(supervisor);
}

void queue_dispatch(struct supervisor *supervisor)
{
	uv_timer_t *turn = &supervisor->queue.turn;

	if (supervisor->queue.first)
		uv_timer_start(turn, on_turn, 0, 0);
}

void queue_init(struct supervisor *supervisor)
{
	struct queue *queue = &supervisor->queue;

	queue->last = &queue->first;
	uv_timer_init(supervisor->loop, &queue->turn);
	queue->turn.data = supervisor;
}
