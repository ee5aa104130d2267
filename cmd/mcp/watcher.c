/*
 * The thread that hears of what subscribers want to know: the supervisor's
 * events, and where the catalog's revision goes. It is there once somebody has
 * subscribed, and ends with the process.
 */
#include "cmd/mcp/watcher.h"
#include "catalog/store/watch.h"
#include "cmd/context/bridge_names.h"
#include "cmd/mcp/notifications.h"
#include "schema/base/json_line.h"
#include "tunnel/control/client.h"
#include "tunnel/state/audit_log.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

static _Atomic int nudge_fd = -1;
static _Atomic int watcher_may_start;

/*
 * How often a supervisor, or a catalog that cannot be watched, is looked for;
 * a supervisor while a call brings bridges up and may start one.
 */
enum { LOOK_MS = 1000, LOOK_OFTEN_MS = 20, ANSWER_MS = 10000 };

/* Of many changes that come together: an editor, a checkout. */
enum { GATHER_MS = 50 };

struct watcher {
	struct session *session;
	struct client client;
	struct watch *watch; /* NULL: nothing can be watched */
	bool incomplete;     /* not all is watched that may change */
	int64_t looked;      /* at the catalog; client_now() */
	char *catalog;       /* "path@id", as it was last seen */
	char alone_since[AUDIT_TIME_SIZE]; /* without a supervisor */
};

/* When the first asked: what happens from then on is told. */
static char asked_at[AUDIT_TIME_SIZE];

static void audit_now(char text[AUDIT_TIME_SIZE])
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	audit_log_time(text, &now);
}

static void lose(struct watcher *watcher)
{
	client_release(&watcher->client);
	audit_now(watcher->alone_since);
	notifications_tell_all(watcher->session, "bridge://status");
}

/* What happened before we came, unless it has been told: its last event. */
static void tell_missed(
	struct watcher *watcher, const json_t *status, const json_t *told)
{
	json_t *bridge;
	size_t i;

	json_array_foreach(json_object_get(status, "bridges"), i, bridge)
	{
		const json_t *last = json_object_get(bridge, "last_event");
		const char *ts = json_text(last, "ts");
		const char *name = json_text(bridge, "name");
		json_t *event;

		if (!ts || !name || json_object_get(told, name) ||
			strcmp(ts, watcher->alone_since) < 0)
			continue;
		event = json_pack("{s:O, s:O}", "event",
			json_object_get(last, "event"), "bridge", bridge);
		notifications_tell_event(watcher->session, event);
		json_decref(event);
	}
}

/* Events come between the replies, too. */
static bool subscribe(struct watcher *watcher)
{
	struct client *client = &watcher->client;
	int64_t deadline = client_now() + ANSWER_MS;
	json_auto_t *told = json_object();
	AUTO(diags) ignored = DIAGS_INIT;
	json_int_t id;

	if (!client_send(client, CONTROL_SUBSCRIBE, NULL, &ignored))
		return false;
	id = client_send(client, CONTROL_STATUS, NULL, &ignored);
	while (id) {
		json_auto_t *message = NULL;
		json_t *bridge;

		if (client_next(client, &message, deadline) != CLIENT_MESSAGE)
			return false;
		if (json_integer_value(json_object_get(message, "id")) == id) {
			tell_missed(watcher, message, told);
			return true;
		}
		bridge = json_object_get(message, "bridge");
		if (!json_object_get(message, "event"))
			continue;
		notifications_tell_event(watcher->session, message);
		json_object_set_new(
			told, json_text(bridge, "name"), json_true());
	}
	return false;
}

static void take_events(struct watcher *watcher);

/* Events come from now on; what was before may have changed. */
static void connect_to(struct watcher *watcher)
{
	AUTO(diags) ignored = DIAGS_INIT;

	/* The catalog does not wait for a supervisor that does not answer. */
	if (watcher->watch)
		watcher->client.cancel_fd = watch_fd(watcher->watch);
	if (client_open(&watcher->client, CLIENT_LOOK, &ignored) &&
		watcher->client.fd >= 0 && subscribe(watcher)) {
		watcher->client.cancel_fd = -1;
		notifications_tell_all(watcher->session, "bridge://");
		take_events(watcher);
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
			notifications_tell_event(watcher->session, message);
		json_decref(message);
	} while (answer == CLIENT_MESSAGE);
	if (answer == CLIENT_LOST)
		lose(watcher);
}

/* As the tools find it, with or without a config. */
static void open_catalog(
	const struct watcher *watcher, struct resolver *resolver)
{
	struct resolver_options sources = bridge_names_sources(
		watcher->session->options);
	AUTO(diags) ignored = DIAGS_INIT;

	sources.need_catalog = true;
	sources.discover = true;
	resolver_open(resolver, &sources, &ignored);
}

/* What is watched may be another place now: watch it first, read it then. */
static void look_at_catalog(struct watcher *watcher, bool changed)
{
	AUTO(resolver) before = RESOLVER_INIT;
	AUTO(resolver) resolver = RESOLVER_INIT;
	AUTO(text) now = TEXT_INIT;
	AUTO_FREE char *path = config_default_path();
	bool named = false; /* by a commit: the same id is the same catalog */

	open_catalog(watcher, &before);
	watch_close(watcher->watch);
	watcher->watch = watch_open(
		before.catalog ? before.catalog->revision : NULL,
		before.config.path ? before.config.path : path);
	open_catalog(watcher, &resolver);
	if (resolver.catalog) {
		const char *id = revision_id(resolver.catalog->revision);

		named = strcmp(id, "WORKTREE") != 0 && strcmp(id, "INDEX") != 0;
		text_format(&now, "%s@%s", resolver.catalog_path, id);
	}
	watcher->incomplete = !before.catalog || !watcher->watch ||
			      watch_is_incomplete(watcher->watch);
	watcher->looked = client_now();
	if (watcher->catalog &&
		(strcmp(watcher->catalog, now.data) != 0 ||
			(!named && (changed || watcher->incomplete))))
		notifications_tell_all(watcher->session, "catalog://");
	free(watcher->catalog);
	watcher->catalog = own_strdup(now.data);
}

/* -1: until something happens. */
static int patience(const struct watcher *watcher)
{
	if (watcher->client.fd < 0 && watcher_may_start)
		return LOOK_OFTEN_MS;
	return watcher->client.fd < 0 || watcher->incomplete ? LOOK_MS : -1;
}

static void *run_watcher(void *data)
{
	struct watcher watcher = {.session = data, .client = CLIENT_INIT};

	memcpy(watcher.alone_since, asked_at, sizeof(asked_at));
	look_at_catalog(&watcher, false);
	for (;;) {
		struct pollfd fds[3];
		eventfd_t unused;

		if (watcher.client.fd < 0)
			connect_to(&watcher);
		fds[0] = (struct pollfd){watcher.client.fd, POLLIN, 0};
		fds[1] = (struct pollfd){
			watcher.watch ? watch_fd(watcher.watch) : -1, POLLIN,
			0};
		fds[2] = (struct pollfd){nudge_fd, POLLIN, 0};
		poll(fds, COUNT(fds), patience(&watcher));
		if (fds[0].revents)
			take_events(&watcher);
		if (fds[1].revents && watch_take(watcher.watch)) {
			poll(NULL, 0, GATHER_MS);
			watch_take(watcher.watch);
			look_at_catalog(&watcher, true);
		} else if (watcher.incomplete &&
			   client_now() - watcher.looked >= LOOK_MS)
			look_at_catalog(&watcher, false);
		if (fds[2].revents)
			eventfd_read(nudge_fd, &unused);
	}
	return NULL;
}

void watcher_start(struct session *session)
{
	static bool started; /* by the reading thread alone */
	pthread_t thread;

	if (started)
		return;
	audit_now(asked_at);
	nudge_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (pthread_create(&thread, NULL, run_watcher, session))
		return;
	pthread_detach(thread);
	started = true;
}

void watcher_expect(bool begins)
{
	watcher_may_start += begins ? 1 : -1;
	if (begins && nudge_fd >= 0)
		eventfd_write(nudge_fd, 1);
}
