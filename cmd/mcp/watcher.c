/*
 * The thread that hears of what subscribers want to know: the supervisor's
 * events, and where the catalog's revision goes. It is there once somebody has
 * subscribed, and ends with the process.
 */
#include "catalog/watch.h"
#include "cmd/mcp/session.h"
#include "cmd/mcp/subscribe.h"
#include "cmd/names.h"
#include "tunnel/client.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* How often a supervisor is looked for while there is none. */
enum { LOOK_MS = 1000 };

struct watcher {
	struct session *session;
	struct client client;
	struct watch *watch; /* NULL: nothing can be watched */
	char *catalog;       /* "path@id", as it was last seen */
};

static void lose(struct watcher *watcher)
{
	client_release(&watcher->client);
	subscribe_tell_all(watcher->session, "bridge://status");
}

/* Events come from now on; what was before may have changed. */
static void connect_to(struct watcher *watcher)
{
	AUTO(diags) ignored = DIAGS_INIT;
	json_t *reply = NULL;

	if (client_open(&watcher->client, CLIENT_LOOK, &ignored) &&
		watcher->client.fd >= 0 &&
		client_call(&watcher->client, CONTROL_SUBSCRIBE, NULL, &reply,
			&ignored)) {
		json_decref(reply);
		subscribe_tell_all(watcher->session, "bridge://");
		return;
	}
	client_release(&watcher->client);
}

static void take_events(struct watcher *watcher)
{
	enum client_answer answer;

	do {
		json_t *message;

		answer = client_next(&watcher->client, &message, 0);
		if (answer == CLIENT_MESSAGE)
			subscribe_tell_event(watcher->session, message);
		json_decref(message);
	} while (answer == CLIENT_MESSAGE);
	if (answer == CLIENT_LOST)
		lose(watcher);
}

/* What is watched may be another place now: watch it first, read it then. */
static void look_at_catalog(struct watcher *watcher, bool tell)
{
	const struct options *options = watcher->session->options;
	AUTO(resolver) before = RESOLVER_INIT;
	AUTO(resolver) resolver = RESOLVER_INIT;
	AUTO(diags) ignored = DIAGS_INIT;
	AUTO(text) now = TEXT_INIT;

	names_open(&before, options, &ignored);
	watch_close(watcher->watch);
	watcher->watch = watch_open(
		before.catalog ? before.catalog->revision : NULL,
		before.config.path);
	names_open(&resolver, options, &ignored);
	if (resolver.catalog)
		text_format(&now, "%s@%s", resolver.catalog_path,
			revision_id(resolver.catalog->revision));
	if (tell && (!watcher->catalog || strcmp(watcher->catalog, now.data)))
		subscribe_tell_all(watcher->session, "catalog://");
	free(watcher->catalog);
	watcher->catalog = own_strdup(now.data);
}

static void *watch(void *data)
{
	struct watcher watcher = {.session = data, .client = CLIENT_INIT};

	look_at_catalog(&watcher, false);
	for (;;) {
		struct pollfd fds[2];

		if (watcher.client.fd < 0)
			connect_to(&watcher);
		fds[0] = (struct pollfd){watcher.client.fd, POLLIN, 0};
		fds[1] = (struct pollfd){
			watcher.watch ? watch_fd(watcher.watch) : -1, POLLIN,
			0};
		if (poll(fds, COUNT(fds),
			    watcher.client.fd < 0 ? LOOK_MS : -1) <= 0)
			continue;
		if (fds[0].revents)
			take_events(&watcher);
		if (fds[1].revents && watch_take(watcher.watch))
			look_at_catalog(&watcher, true);
	}
	return NULL;
}

void watcher_start(struct session *session)
{
	static bool started; /* by the reading thread alone */
	pthread_t thread;

	if (started || pthread_create(&thread, NULL, watch, session))
		return;
	pthread_detach(thread);
	started = true;
}
