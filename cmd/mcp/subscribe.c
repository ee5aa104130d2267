#include "cmd/mcp/subscribe.h"

#include "cmd/mcp/methods.h"
#include "cmd/mcp/resources.h"
#include "cmd/mcp/session.h"
#include "cmd/mcp/watcher.h"
#include "schema/base/json_line.h"

#include <stdlib.h>
#include <string.h>

/* How many a client may subscribe to: each event looks at all. */
enum { MOST_URIS = 1000 };

static bool is_known(const char *uri)
{
	AUTO_FREE char *name = NULL;

	return uri && mcp_resource_find(uri, &name);
}

/* A name may be written in several ways: RFC 3986, 6.2.2. */
static json_t *canonical(const char *uri)
{
	AUTO_FREE char *text = mcp_resource_canonical(uri);

	return json_string(text ? text : uri);
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
		json_object_set_new(session->uris, uri, canonical(uri));
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

/* Those that we keep to, as session->uris has them. */
static json_t *honoured(const json_t *asked)
{
	const json_t *uris = json_object_get(asked, "resourceSubscriptions");
	json_t *kept = json_object();
	size_t i;
	json_t *uri;

	json_array_foreach(uris, i, uri)
	{
		const char *text = json_string_value(uri);

		if (json_object_size(kept) < MOST_URIS && is_known(text))
			json_object_set_new(kept, text, canonical(text));
	}
	return kept;
}

/* Our lists never change: of what is asked for, what we keep to. */
static json_t *acknowledgement(const json_t *uris)
{
	json_t *list = json_array();
	const char *uri;
	json_t *unused;

	json_object_foreach((json_t *)(uintptr_t)uris, uri, unused)
		json_array_append_new(list, json_string(uri));
	if (json_array_size(list))
		return json_pack("{s:o}", "resourceSubscriptions", list);
	json_decref(list);
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
			json_pack("{s:o, s:o}", "_meta", call_stream_meta(call),
				"notifications", acknowledgement(call->data))));
	pthread_mutex_unlock(&session->lock);
	watcher_start(session);
}
