#include "cmd/mcp/session.h"

#include "cmd/mcp/sanitize.h"
#include "schema/base/version.h"
#include "schema/base/write_all.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

void session_send_locked(struct session *session, json_t *message)
{
	char *dump = json_dumps(message, JSON_COMPACT);
	AUTO(text) line = TEXT_INIT;

	if (dump && !session->gone) {
		text_append(&line, dump);
		text_append_char(&line, '\n');
		session->gone = !write_all(
			STDOUT_FILENO, line.data, line.length);
	}
	free(dump);
	json_decref(message);
}

void session_send(struct session *session, json_t *message)
{
	pthread_mutex_lock(&session->lock);
	session_send_locked(session, message);
	pthread_mutex_unlock(&session->lock);
}

json_t *session_notification(const char *method, json_t *params)
{
	json_t *message = json_pack(
		"{s:s, s:s}", "jsonrpc", "2.0", "method", method);

	if (params)
		json_object_set_new(message, "params", params);
	return message;
}

static json_t *error_json(int code, const char *message, json_t *data)
{
	json_t *error = json_pack(
		"{s:i, s:s}", "code", code, "message", message);

	if (data)
		json_object_set(error, "data", data);
	return error;
}

void session_send_error(
	struct session *session, enum mcp_code code, const char *message)
{
	session_send(session, json_pack("{s:s, s:o}", "jsonrpc", "2.0", "error",
				      error_json((int)code, message, NULL)));
}

/* What a modern result says of itself. */
static void add_modern(const struct call *call, json_t *result)
{
	/* What a client lists does not change while it runs. */
	enum { LISTS_MS = 300000 };
	json_t *meta = json_object_get(result, "_meta");
	json_t *info = json_pack(
		"{s:s, s:s}", "name", "bridge", "version", bridge_version);

	if (!meta) {
		meta = json_object();
		json_object_set_new(result, "_meta", meta);
	}
	json_object_set_new(meta, "io.modelcontextprotocol/serverInfo", info);
	json_object_set_new(result, "resultType", json_string("complete"));
	if (!(call->method->is & METHOD_CACHED))
		return;
	json_object_set_new(result, "ttlMs",
		json_integer(call->method->is & METHOD_WAITS ? 0 : LISTS_MS));
	json_object_set_new(result, "cacheScope", json_string("private"));
}

static json_t *answer_of(struct call *call)
{
	json_t *answer = json_pack(
		"{s:s, s:O}", "jsonrpc", "2.0", "id", call->id);

	if (call->code || !call->result) {
		json_object_set_new(answer, "error",
			error_json(call->code ? call->code : MCP_INTERNAL_ERROR,
				call->message ? call->message : "no answer",
				call->data));
		return answer;
	}
	if (call_is_modern(call))
		add_modern(call, call->result);
	json_object_set(answer, "result", call->result);
	return answer;
}

static void free_call(struct call *call)
{
	if (call->cancel_fd >= 0)
		close(call->cancel_fd);
	if (call->hurry_fd >= 0)
		close(call->hurry_fd);
	json_decref(call->id);
	json_decref(call->params);
	json_decref(call->progress_token);
	json_decref(call->result);
	json_decref(call->data);
	free(call->message);
	free(call);
}

static struct call **find_call(struct session *session, const json_t *id)
{
	struct call **at = &session->calls;

	while (*at && !json_equal((*at)->id, id))
		at = &(*at)->next;
	return at;
}

bool session_add(struct session *session, struct call *call)
{
	bool is_new;

	pthread_mutex_lock(&session->lock);
	is_new = !*find_call(session, call->id);
	if (is_new) {
		call->next = session->calls;
		session->calls = call;
	}
	pthread_mutex_unlock(&session->lock);
	return is_new;
}

static void take_out(struct session *session, struct call *call)
{
	struct call **at = &session->calls;

	while (*at && *at != call)
		at = &(*at)->next;
	if (*at)
		*at = call->next;
}

static void close_batch(struct session *session, struct batch *batch)
{
	if (--batch->open)
		return;
	if (json_array_size(batch->answers))
		session_send_locked(session, batch->answers);
	else
		json_decref(batch->answers);
	free(batch);
}

void session_add_to_batch(
	struct session *session, struct batch *batch, json_t *answer)
{
	pthread_mutex_lock(&session->lock);
	json_array_append_new(batch->answers, answer);
	pthread_mutex_unlock(&session->lock);
}

void session_finish_batch(struct session *session, struct batch *batch)
{
	pthread_mutex_lock(&session->lock);
	close_batch(session, batch);
	pthread_mutex_unlock(&session->lock);
}

void session_finish(struct call *call)
{
	struct session *session = call->session;

	pthread_mutex_lock(&session->lock);
	take_out(session, call);
	if (!call->cancelled && call->batch)
		json_array_append_new(call->batch->answers, answer_of(call));
	else if (!call->cancelled)
		session_send_locked(session, answer_of(call));
	if (call->batch)
		close_batch(session, call->batch);
	/* Its values are shared with the batch's: still under the lock. */
	free_call(call);
	pthread_mutex_unlock(&session->lock);
}

/* Whoever works for it sees that. Under the lock. */
static void raise_event(int fd)
{
	if (fd >= 0)
		eventfd_write(fd, 1);
}

bool session_is_cancelled(const struct call *call)
{
	bool cancelled;

	pthread_mutex_lock(&call->session->lock);
	cancelled = call->cancelled;
	pthread_mutex_unlock(&call->session->lock);
	return cancelled;
}

struct call *session_cancel_locked(struct session *session, const json_t *id)
{
	struct call *call = *find_call(session, id);

	if (call) {
		call->cancelled = true;
		raise_event(call->cancel_fd);
		raise_event(call->hurry_fd);
	}
	return call;
}

void session_hurry(struct session *session)
{
	struct call *stays;

	do {
		stays = NULL;
		pthread_mutex_lock(&session->lock);
		for (struct call *call = session->calls; call;
			call = call->next) {
			if (call->method->is & METHOD_STAYS)
				stays = call;
			else
				raise_event(call->hurry_fd);
		}
		pthread_mutex_unlock(&session->lock);
		if (stays) {
			stays->result = json_pack(
				"{s:o}", "_meta", call_stream_meta(stays));
			session_finish(stays);
		}
	} while (stays);
}

void session_progress(
	void *data, unsigned done, unsigned total, const char *message)
{
	struct call *call = data;
	struct session *session = call->session;
	AUTO(text) plain = TEXT_INIT;
	json_t *params;

	if (!call->progress_token)
		return;
	sanitize_append(&plain, message, strlen(message));
	pthread_mutex_lock(&session->lock);
	if (!call->cancelled && done > call->progress) {
		call->progress = done;
		params = json_pack("{s:O, s:i}", "progressToken",
			call->progress_token, "progress", (int)done);
		if (total)
			json_object_set_new(
				params, "total", json_integer(total));
		if (call->version >= MCP_2025_03_26)
			json_object_set_new(
				params, "message", json_string(plain.data));
		session_send_locked(session,
			session_notification("notifications/progress", params));
	}
	pthread_mutex_unlock(&session->lock);
}
