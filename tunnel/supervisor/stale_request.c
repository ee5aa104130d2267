#include "tunnel/supervisor/stale_request.h"

#include "tunnel/ssh/mux_client.h"
#include "tunnel/ssh/mux_forward.h"

#include <stdlib.h>
#include <string.h>

struct orphan {
	struct orphan *next;
	uint32_t request;
	struct bridge bridge;
};

void orphan_copy(struct bridge *to, const struct bridge *from)
{
	AUTO(diags) diags = DIAGS_INIT;
	json_auto_t *json = bridge_to_json(from, false);

	bridge_from_json(to, json, &diags);
}

static void release(struct orphan *orphan)
{
	bridge_release(&orphan->bridge);
	free(orphan);
}

void orphan_add(struct master *master, const struct tunnel *tunnel)
{
	struct orphan *orphan = own_alloc(sizeof(*orphan));

	orphan->request = tunnel->request;
	orphan_copy(&orphan->bridge, &tunnel->bridge);
	orphan->next = master->orphans;
	master->orphans = orphan;
}

uint32_t orphan_take(struct master *master, const struct bridge *bridge)
{
	struct mux_forward wanted = forward_of(bridge);

	for (struct orphan **link = &master->orphans; *link;
		link = &(*link)->next) {
		struct orphan *orphan = *link;
		struct mux_forward given = forward_of(&orphan->bridge);
		uint32_t request = orphan->request;

		if (!mux_same_forward(&wanted, &given))
			continue;
		*link = orphan->next;
		release(orphan);
		return request;
	}
	return 0;
}

const struct bridge *orphan_find(
	const struct master *master, const struct bridge *bridge)
{
	for (const struct orphan *orphan = master->orphans; orphan;
		orphan = orphan->next)
		if (orphan->bridge.remote_port == bridge->remote_port &&
			!strcmp(orphan->bridge.remote_bind,
				bridge->remote_bind))
			return &orphan->bridge;
	return NULL;
}

void orphan_answered(struct master *master, const struct mux_reply *reply)
{
	struct orphan **link = &master->orphans;
	struct orphan *orphan;

	while (*link && (*link)->request != reply->id)
		link = &(*link)->next;
	orphan = *link;
	if (!orphan)
		return;
	*link = orphan->next;
	master_close_health(master, &orphan->bridge);
	if (reply->kind == MUX_OK && master->link) {
		struct mux_forward forward = forward_of(&orphan->bridge);

		mux_put_close(&master->link->out, 0, &forward);
		if (!master_link_send(master->link))
			process_stop(master->process);
	}
	release(orphan);
}

void orphan_release_all(struct master *master)
{
	while (master->orphans) {
		struct orphan *orphan = master->orphans;

		master->orphans = orphan->next;
		release(orphan);
	}
}
