#include "tunnel/supervisor/registry.h"

#include "tunnel/state/state_dir.h"
#include "tunnel/supervisor/desired.h"
#include "tunnel/supervisor/idle.h"
#include "tunnel/supervisor/publish.h"
#include "tunnel/supervisor/waiter.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where a name is, or where it would have to be put. */
static size_t position(const struct supervisor *supervisor, const char *name)
{
	size_t low = 0;
	size_t high = supervisor->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(supervisor->tunnels[middle]->bridge.name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct tunnel *registry_find(
	const struct supervisor *supervisor, const char *name)
{
	size_t at = position(supervisor, name);

	if (at == supervisor->count ||
		strcmp(supervisor->tunnels[at]->bridge.name, name))
		return NULL;
	return supervisor->tunnels[at];
}

void registry_define(struct tunnel *tunnel, struct bridge *definition)
{
	bridge_release(&tunnel->bridge);
	tunnel->bridge = *definition;
	*definition = (struct bridge)BRIDGE_INIT;
	tunnel->backoff = (struct backoff){
		.initial_ms = tunnel->bridge.backoff_initial_ms,
		.max_ms = tunnel->bridge.backoff_max_ms,
	};
	desired_save(tunnel->supervisor);
}

struct tunnel *registry_add(
	struct supervisor *supervisor, struct bridge *definition)
{
	struct tunnel *tunnel = own_alloc(sizeof(*tunnel));
	size_t at = position(supervisor, definition->name);

	tunnel->supervisor = supervisor;
	json_object_del(supervisor->wanted, definition->name);
	uv_timer_init(supervisor->loop, &tunnel->timer);
	tunnel->timer.data = tunnel;
	clock_gettime(CLOCK_REALTIME, &tunnel->since);
	registry_define(tunnel, definition);
	supervisor->tunnels = own_grow(supervisor->tunnels, supervisor->count,
		&supervisor->capacity, sizeof(struct tunnel *));
	memmove(supervisor->tunnels + at + 1, supervisor->tunnels + at,
		(supervisor->count - at) * sizeof(struct tunnel *));
	supervisor->tunnels[at] = tunnel;
	supervisor->count++;
	uv_timer_stop(&supervisor->linger);
	uv_timer_stop(&supervisor->last_hooks);
	publish_pid(tunnel);
	return tunnel;
}

static void free_tunnel(uv_handle_t *handle)
{
	struct tunnel *tunnel = handle->data;

	bridge_release(&tunnel->bridge);
	free(tunnel->last.detail);
	free(tunnel);
}

void registry_forget(struct tunnel *tunnel)
{
	struct supervisor *supervisor = tunnel->supervisor;
	size_t at = position(supervisor, tunnel->bridge.name);
	AUTO_FREE char *pid = state_file(tunnel->bridge.name, ".pid");
	AUTO(text) hidden = TEXT_INIT;

	file_writer_replace(&supervisor->writer, pid, NULL);
	text_format(&hidden, ".%s.hosts", tunnel->bridge.name);
	unlinkat(supervisor->directory, hidden.data, 0);
	text_clear(&hidden);
	text_format(&hidden, ".%s.health", tunnel->bridge.name);
	unlinkat(supervisor->directory, hidden.data, 0);
	supervisor->count--;
	memmove(supervisor->tunnels + at, supervisor->tunnels + at + 1,
		(supervisor->count - at) * sizeof(struct tunnel *));
	desired_save(supervisor);
	waiter_tell(tunnel, false);
	uv_close((uv_handle_t *)&tunnel->timer, free_tunnel);
	idle_end(supervisor);
}
