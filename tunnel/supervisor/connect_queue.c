#include "tunnel/supervisor/connect_queue.h"

void connect_queue_add(struct tunnel *tunnel)
{
	struct connect_queue *queue = &tunnel->supervisor->queue;

	if (tunnel->queued)
		return;
	tunnel->queued = true;
	tunnel->next_queued = NULL;
	*queue->last = tunnel;
	queue->last = &tunnel->next_queued;
}

void connect_queue_remove(struct tunnel *tunnel)
{
	struct connect_queue *queue = &tunnel->supervisor->queue;
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

void connect_queue_dispatch(struct supervisor *supervisor)
{
	uv_timer_t *turn = &supervisor->queue.turn;

	if (supervisor->queue.first)
		uv_timer_start(turn, supervisor->queue.start, 0, 0);
}

void connect_queue_init(struct supervisor *supervisor, uv_timer_cb start)
{
	struct connect_queue *queue = &supervisor->queue;

	queue->last = &queue->first;
	queue->start = start;
	uv_timer_init(supervisor->loop, &queue->turn);
	queue->turn.data = supervisor;
}
