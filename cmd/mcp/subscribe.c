#include "cmd/mcp/subscribe.h"

#include "cmd/mcp/dispatch.h"
#include "cmd/mcp/log_level.h"
#include "cmd/mcp/plain.h"
#include "cmd/mcp/resources.h"
#include "cmd/mcp/session.h"

#include <stdlib.h>
#include <string.h>

/* How many a client may subscribe to: each event looks at all. */
enum { MOST_URIS = 1000 };

static bool is_known(const char *uri)
{
	AUTO_FREE char *name = NULL;

	return uri && mcp_resource_find(uri, &name);
}

/* A URI that is subscribed to: false after an error. */
static const char *uri_of(struct call *call)
{
	const char *uri = call_text(call, "uri");

	if (is_known(uri))
		return uri;
	if (uri)
		call_fail(call, MCP_NO_RESOURCE, json_pack("{s:s}", "uri", uri),
			"no resource is at '%.200s'", uri);
	else
		call_fail(call, MCP_INVALID_PARAMS, NULL,
			"it wants uri, a string");
	return NULL;
}

void method_subscribe(struct call *call)
{
	struct session *session = call->session;
	const char *uri = uri_of(call);
	bool full;

	if (!uri)
		return;
	pthread_mutex_lock(&session->lock);
	full = json_object_size(session->uris) >= MOST_URIS;
	if (!full)
		json_object_set_new(session->uris, uri, json_true());
	pthread_mutex_unlock(&session->lock);
	if (full) {
		call_fail(call, MCP_INVALID_PARAMS, NULL,
			"a session has %d subscriptions at most", MOST_URIS);
		return;
	}
	watcher_start(session);
	call->result = json_object();
}

void method_unsubscribe(struct call *call)
{
	struct session *session = call->session;
	const char *uri = uri_of(call);

	if (!uri)
		return;
	pthread_mutex_lock(&session->lock);
	json_object_del(session->uris, uri);
	pthread_mutex_unlock(&session->lock);
	call->result = json_object();
}

void subscribe_log(struct session *session, int level)
{
	pthread_mutex_lock(&session->lock);
	session->log_level = level;
	pthread_mutex_unlock(&session->lock);
	watcher_start(session);
}

/* ---- streams of the modern era ---------------------------------------- */

static json_t *stream_meta(const struct call *stream)
{
	return json_pack(
		"{s:O}", "io.modelcontextprotocol/subscriptionId", stream->id);
}

/* Our lists never change: of what is asked for, what we keep to. */
static json_t *honoured(const json_t *asked)
{
	const json_t *uris = json_object_get(asked, "resourceSubscriptions");
	json_t *kept = json_array();
	size_t i;
	json_t *uri;

	json_array_foreach(uris, i, uri)
	{
		if (json_array_size(kept) < MOST_URIS &&
			is_known(json_string_value(uri)))
			json_array_append(kept, uri);
	}
	if (json_array_size(kept))
		return json_pack("{s:o}", "resourceSubscriptions", kept);
	json_decref(kept);
	return json_object();
}

void method_listen(struct call *call)
{
	const json_t *asked = json_object_get(call->params, "notifications");
	const json_t *uris = json_object_get(asked, "resourceSubscriptions");
	struct session *session = call->session;

	if (!json_is_object(asked) || (uris && !json_is_array(uris))) {
		call_fail(call, MCP_INVALID_PARAMS, NULL,
			"notifications must be an object; its "
			"resourceSubscriptions, if any, an array of URIs");
		return;
	}
	pthread_mutex_lock(&session->lock);
	/* From here on the call's data is what it hears of. */
	call->data = honoured(asked);
	session_send_locked(session,
		session_notification("notifications/subscriptions/acknowledged",
			json_pack("{s:o, s:O}", "_meta", stream_meta(call),
				"notifications", call->data)));
	pthread_mutex_unlock(&session->lock);
	watcher_start(session);
}

static bool hears_of(const struct call *stream, const char *uri)
{
	const json_t *uris = json_object_get(
		stream->data, "resourceSubscriptions");
	size_t i;
	json_t *item;

	if (!(stream->method->is & METHOD_STAYS) || stream->cancelled)
		return false;
	json_array_foreach(uris, i,
		item) if (!strcmp(json_string_value(item), uri)) return true;
	return false;
}

static void send_updated(
	struct session *session, const char *uri, const struct call *stream)
{
	json_t *params = json_pack("{s:s}", "uri", uri);

	if (stream)
		json_object_set_new(params, "_meta", stream_meta(stream));
	session_send_locked(
		session, session_notification(
				 "notifications/resources/updated", params));
}

static void tell(struct session *session, const char *uri)
{
	if (json_object_get(session->uris, uri))
		send_updated(session, uri, NULL);
	for (const struct call *call = session->calls; call; call = call->next)
		if (hears_of(call, uri))
			send_updated(session, uri, call);
}

void subscribe_tell(struct session *session, const char *uri)
{
	pthread_mutex_lock(&session->lock);
	tell(session, uri);
	pthread_mutex_unlock(&session->lock);
}

/* Every URI that somebody has subscribed to: an object of them. */
static json_t *all_uris(const struct session *session)
{
	json_t *all = json_copy(session->uris);

	for (const struct call *call = session->calls; call;
		call = call->next) {
		const json_t *uris = json_object_get(
			call->data, "resourceSubscriptions");
		size_t i;
		json_t *uri;

		if (!(call->method->is & METHOD_STAYS))
			continue;
		json_array_foreach(uris, i, uri) json_object_set_new(
			all, json_string_value(uri), json_true());
	}
	return all;
}

void subscribe_tell_all(struct session *session, const char *prefix)
{
	json_auto_t *all = NULL;
	const char *uri;
	json_t *unused;

	pthread_mutex_lock(&session->lock);
	all = all_uris(session);
	json_object_foreach(all, uri, unused)
	{
		if (!strncmp(uri, prefix, strlen(prefix)))
			tell(session, uri);
	}
	pthread_mutex_unlock(&session->lock);
}

static void log_event(
	struct session *session, const char *name, const json_t *event)
{
	const char *what = json_string_value(json_object_get(event, "event"));
	const json_t *bridge = json_object_get(event, "bridge");
	const json_t *last = json_object_get(bridge, "last_event");
	json_t *data;
	int level = what ? log_level_of_event(what) : 0;

	if (!what || session->log_level < 0 || level < session->log_level)
		return;
	data = json_pack("{s:s, s:s, s:O?, s:O?, s:O?}", "bridge", name,
		"event", what, "state", json_object_get(bridge, "state"),
		"detail", json_object_get(last, "detail"), "reason",
		json_object_get(last, "reason"));
	session_send_locked(
		session, session_notification("notifications/message",
				 json_pack("{s:s, s:s, s:o}", "level",
					 log_level_name(level), "logger",
					 "bridge", "data", plain_json(data))));
	json_decref(data);
}

void subscribe_tell_event(struct session *session, const json_t *event)
{
	const char *name = json_string_value(
		json_object_get(json_object_get(event, "bridge"), "name"));
	AUTO(text) status = TEXT_INIT;
	AUTO(text) logs = TEXT_INIT;

	if (!name)
		return;
	text_format(&status, "bridge://status/%s", name);
	text_format(&logs, "bridge://logs/%s", name);
	pthread_mutex_lock(&session->lock);
	tell(session, "bridge://status");
	tell(session, status.data);
	tell(session, logs.data);
	log_event(session, name, event);
	pthread_mutex_unlock(&session->lock);
}
