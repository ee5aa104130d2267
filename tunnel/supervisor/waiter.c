#include "tunnel/supervisor/waiter.h"

#include "tunnel/supervisor/reply.h"

#include <stdlib.h>

void waiter_add(struct tunnel *tunnel, struct server_client *client,
	const json_t *request, bool restarts)
{
	struct waiter *waiter = own_alloc(sizeof(*waiter));

	waiter->client = client;
	waiter->restarts = restarts;
	waiter->id = json_incref(json_object_get(request, "id"));
	waiter->next = tunnel->stop_waiters;
	tunnel->stop_waiters = waiter;
}

static void answer(const struct waiter *waiter, bool starts)
{
	json_auto_t *request = json_pack("{s:O?}", "id", waiter->id);

	if (waiter->restarts && !starts)
		reply_refuse(waiter->client, request, "stopped",
			"it was taken down meanwhile");
	else
		reply_agree(waiter->client, request, NULL);
}

void waiter_tell(struct tunnel *tunnel, bool starts)
{
	struct waiter *waiter = tunnel->stop_waiters;

	tunnel->stop_waiters = NULL;
	while (waiter) {
		struct waiter *next = waiter->next;

		answer(waiter, starts);
		json_decref(waiter->id);
		free(waiter);
		waiter = next;
	}
}

void waiter_drop(struct tunnel *tunnel, const struct server_client *client)
{
	struct waiter **link = &tunnel->stop_waiters;

	while (*link) {
		struct waiter *waiter = *link;

		if (waiter->client != client) {
			link = &waiter->next;
			continue;
		}
		*link = waiter->next;
		json_decref(waiter->id);
		free(waiter);
	}
}
