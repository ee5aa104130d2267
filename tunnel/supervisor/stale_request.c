#include "tunnel/supervisor/stale_request.h"

#include "tunnel/ssh/mux_client.h"
#include "tunnel/ssh/mux_forward.h"

#include <stdlib.h>
#include <string.h>

struct stale_request {
	struct stale_request *next;
	uint32_t request;
	struct bridge bridge;
};

void stale_request_copy_bridge(struct bridge *to, const struct bridge *from)
{
	AUTO(diags) diags = DIAGS_INIT;
	json_auto_t *json = bridge_to_json(from, false);

	bridge_from_json(to, json, &diags);
}

static void release_request(struct stale_request *orphan)
{
	bridge_release(&orphan->bridge);
	free(orphan);
}

void stale_request_add(
	struct control_master *master, const struct tunnel *tunnel)
{
	struct stale_request *orphan = own_alloc(sizeof(*orphan));

	orphan->request = tunnel->request;
	stale_request_copy_bridge(&orphan->bridge, &tunnel->bridge);
	orphan->next = master->orphans;
	master->orphans = orphan;
}

uint32_t stale_request_take(
	struct control_master *master, const struct bridge *bridge)
{
	struct mux_forward wanted = mux_forward_of(bridge);

	for (struct stale_request **link = &master->orphans; *link;
		link = &(*link)->next) {
		struct stale_request *orphan = *link;
		struct mux_forward given = mux_forward_of(&orphan->bridge);
		uint32_t request = orphan->request;

		if (!mux_same_forward(&wanted, &given))
			continue;
		*link = orphan->next;
		release_request(orphan);
		return request;
	}
	return 0;
}

const struct bridge *stale_request_find(
	const struct control_master *master, const struct bridge *bridge)
{
	for (const struct stale_request *orphan = master->orphans; orphan;
		orphan = orphan->next)
		if (orphan->bridge.remote_port == bridge->remote_port &&
			!strcmp(orphan->bridge.remote_bind,
				bridge->remote_bind))
			return &orphan->bridge;
	return NULL;
}

void stale_request_close_health(
	struct control_master *master, const struct bridge *bridge)
{
	struct mux_forward health;
	AUTO(text) path = TEXT_INIT;

	if (!bridge_checks_remotely(bridge) || !master->link)
		return;
	health = mux_forward_for_health(bridge, &path);
	mux_put_close(&master->link->out, 0, &health);
	if (!mux_client_send(master->link))
		process_stop(master->process);
}

void stale_request_answered(
	struct control_master *master, const struct mux_reply *reply)
{
	struct stale_request **link = &master->orphans;
	struct stale_request *orphan;

	while (*link && (*link)->request != reply->id)
		link = &(*link)->next;
	orphan = *link;
	if (!orphan)
		return;
	*link = orphan->next;
	stale_request_close_health(master, &orphan->bridge);
	if (reply->kind == MUX_OK && master->link) {
		struct mux_forward forward = mux_forward_of(&orphan->bridge);

		mux_put_close(&master->link->out, 0, &forward);
		if (!mux_client_send(master->link))
			process_stop(master->process);
	}
	release_request(orphan);
}

void stale_request_release_all(struct control_master *master)
{
	while (master->orphans) {
		struct stale_request *orphan = master->orphans;

		master->orphans = orphan->next;
		release_request(orphan);
	}
}
