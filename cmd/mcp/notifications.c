#include "cmd/mcp/notifications.h"

#include "cmd/mcp/log_level.h"
#include "cmd/mcp/sanitize.h"
#include "schema/base/json_line.h"

#include <string.h>

static bool is_about(const json_t *canonical, const char *uri)
{
	return !strcmp(json_string_value(canonical), uri);
}

static void send_updated(
	struct session *session, const char *uri, const struct call *stream)
{
	json_t *params = json_pack("{s:s}", "uri", uri);

	if (stream)
		json_object_set_new(params, "_meta", call_stream_meta(stream));
	session_send_locked(
		session, session_notification(
				 "notifications/resources/updated", params));
}

/* What a stream hears of, or NULL. */
static const json_t *uris_of(const struct call *call)
{
	return call->method->is & METHOD_STAYS && !call->cancelled ? call->data
								   : NULL;
}

/*
 * All who subscribed to what the URI names, or (prefix) to anything that begins
 * so, by the URI that they have used.
 */
static void tell_of(struct session *session, const json_t *uris,
	const char *uri, bool prefix, const struct call *stream)
{
	const char *used;
	json_t *canonical;

	json_object_foreach((json_t *)(uintptr_t)uris, used, canonical)
	{
		if (prefix ? !strncmp(json_string_value(canonical), uri,
				     strlen(uri))
			   : is_about(canonical, uri))
			send_updated(session, used, stream);
	}
}

static void tell(struct session *session, const char *uri, bool prefix)
{
	tell_of(session, session->uris, uri, prefix, NULL);
	for (const struct call *call = session->calls; call; call = call->next)
		tell_of(session, uris_of(call), uri, prefix, call);
}

void notifications_tell_all(struct session *session, const char *prefix)
{
	pthread_mutex_lock(&session->lock);
	tell(session, prefix, true);
	pthread_mutex_unlock(&session->lock);
}

static void log_event(
	struct session *session, const char *name, const json_t *event)
{
	const char *what = json_text(event, "event");
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
	session_send_locked(session,
		session_notification("notifications/message",
			json_pack("{s:s, s:s, s:o}", "level",
				log_level_name(level), "logger", "bridge",
				"data", sanitize_json(data))));
	json_decref(data);
}

void notifications_tell_event(struct session *session, const json_t *event)
{
	const char *name = json_text(json_object_get(event, "bridge"), "name");
	AUTO(text) status = TEXT_INIT;
	AUTO(text) logs = TEXT_INIT;

	if (!name)
		return;
	text_format(&status, "bridge://status/%s", name);
	text_format(&logs, "bridge://logs/%s", name);
	pthread_mutex_lock(&session->lock);
	tell(session, "bridge://status", false);
	tell(session, status.data, false);
	tell(session, logs.data, false);
	log_event(session, name, event);
	pthread_mutex_unlock(&session->lock);
}
