#include "cmd/mcp/dispatch.h"

#include "cmd/mcp/cancel.h"
#include "cmd/mcp/method_table.h"
#include "cmd/mcp/session.h"
#include "cmd/mcp/tool_methods.h"
#include "cmd/mcp/workers.h"
#include "schema/base/json_line.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

static const char version_key[] = "io.modelcontextprotocol/protocolVersion";
static const char capabilities_key[] =
	"io.modelcontextprotocol/clientCapabilities";

/* Integers up to that are exact as reals: RFC 8259, 6. */
#define LARGEST 9007199254740992.0

/* An integer or a string: what may be an id, and a progress token. */
static bool is_id(const json_t *value)
{
	return json_is_string(value) || json_is_integer(value);
}

/*
 * A modern request names its version. One that has begun to (or that only
 * the modern era knows) and does not, is told so; all others are of the legacy
 * session, which must have begun.
 */
static bool find_era(struct call *call)
{
	const json_t *meta = json_object_get(call->params, "_meta");
	const json_t *version = json_object_get(meta, version_key);
	const char *name = json_string_value(version);

	call->version = call->session->version;
	if (version && (!name || mcp_version_find(name) != MCP_2026_07_28)) {
		if (!name)
			call_fail(call, MCP_INVALID_PARAMS, NULL,
				"_meta %s must be a string", version_key);
		else
			call_fail(call, MCP_NO_VERSION,
				json_pack("{s:[s], s:s}", "supported",
					mcp_version_name(MCP_2026_07_28),
					"requested", name),
				"protocol version '%.40s' is not supported",
				name);
		call->version = MCP_2026_07_28;
		return false;
	}
	if (version) {
		call->version = MCP_2026_07_28;
		if (json_is_object(json_object_get(meta, capabilities_key)))
			return true;
		call_fail(call, MCP_INVALID_PARAMS, NULL,
			"_meta wants %s, an object", capabilities_key);
		return false;
	}
	if ((call->session->initialized ||
		    call->method->is & METHOD_ANY_TIME) &&
		call->method->first != MCP_2026_07_28)
		return true;
	call_fail(call, MCP_INVALID_PARAMS, NULL,
		"_meta wants %s (and %s); a legacy session begins with "
		"initialize",
		version_key, capabilities_key);
	return false;
}

/* False when the call has its answer already. */
static bool prepare(struct call *call, const char *method, json_t *params)
{
	const json_t *token;

	call->method = method_table_find(method);
	if (!call->method) {
		/* An envelope of no use to us may be wrong, too. */
		static const struct method none = {.name = ""};

		call->method = &none;
		call_fail(call, MCP_NO_METHOD, NULL,
			"no method is called '%.60s'", method);
		return false;
	}
	if (params && !json_is_object(params)) {
		call_fail(call, MCP_INVALID_PARAMS, NULL,
			"params must be an object");
		return false;
	}
	if (!find_era(call))
		return false;
	if (call->version < call->method->first ||
		call->version > call->method->last) {
		call_fail(call, MCP_NO_METHOD, NULL, "%s has no method '%s'",
			mcp_version_name(call->version), method);
		return false;
	}
	token = json_object_get(
		json_object_get(call->params, "_meta"), "progressToken");
	if (is_id(token))
		call->progress_token = json_incref((json_t *)(uintptr_t)token);
	return true;
}

static void run_call(struct call *call)
{
	if (!(call->method->is & METHOD_WAITS)) {
		call->method->run(call);
		if (!(call->method->is & METHOD_STAYS) || call->code)
			session_finish(call);
		return;
	}
	call->cancel_fd = eventfd(0, EFD_CLOEXEC);
	call->hurry_fd = eventfd(0, EFD_CLOEXEC);
	call->waiting.cancel_fd = call->cancel_fd;
	call->waiting.hurry_fd = call->hurry_fd;
	if (call->cancel_fd >= 0 && call->hurry_fd >= 0 &&
		workers_start(call, tool_methods_is_slow(call)))
		return;
	call_fail(call, MCP_INTERNAL_ERROR, NULL,
		"too much is asked at once; ask again later");
	session_finish(call);
}

static void request(struct session *session, const char *method, json_t *id,
	json_t *params, struct batch *batch)
{
	struct call *call = own_alloc(sizeof(*call));

	call->session = session;
	/* Of its own: nothing that is counted is shared between threads. */
	call->id = json_deep_copy(id);
	call->params = json_is_object(params) ? json_deep_copy(params)
					      : json_object();
	call->cancel_fd = call->hurry_fd = -1;
	call->waiting = (struct waiting){.cancel_fd = -1,
		.hurry_fd = -1,
		.progress = session_progress,
		.data = call};
	call->batch = batch;
	if (!prepare(call, method, params)) {
		session_finish(call);
		return;
	}
	if (!session_add(session, call)) {
		call_fail(call, MCP_INVALID_REQUEST, NULL,
			"another request with this id is still open");
		session_finish(call);
		return;
	}
	run_call(call);
}

static void notification(
	struct session *session, const char *method, const json_t *params)
{
	const json_t *id = json_object_get(params, "requestId");

	/* All others say nothing that we wait for. */
	if (!strcmp(method, "notifications/cancelled") && is_id(id))
		cancel_call(session, id);
}

static json_t *invalid(const json_t *id, const char *message)
{
	json_t *answer = json_pack("{s:s, s:{s:i, s:s}}", "jsonrpc", "2.0",
		"error", "code", (int)MCP_INVALID_REQUEST, "message", message);

	if (is_id(id))
		json_object_set(answer, "id", (json_t *)(uintptr_t)id);
	return answer;
}

/* What is wrong with a message, or NULL. */
static const char *fault_of(const json_t *message)
{
	const char *version = json_text(message, "jsonrpc");
	const json_t *id = json_object_get(message, "id");

	if (!json_is_object(message))
		return "a message is an object";
	if (!version || strcmp(version, "2.0") != 0)
		return "jsonrpc must be \"2.0\"";
	if (!json_is_string(json_object_get(message, "method")))
		return "a request has a method, a string";
	if (id && !is_id(id))
		return "an id is a string or an integer";
	return NULL;
}

/* We ask the client nothing: what looks like an answer answers nothing. */
static bool is_answer(const json_t *message)
{
	return json_is_object(message) && !json_object_get(message, "method") &&
	       (json_object_get(message, "result") ||
		       json_object_get(message, "error"));
}

/* Each answers for itself, and would keep all others waiting, or change what
 * they mean. */
static const char *alone(const json_t *message, const char *method)
{
	const json_t *params = json_object_get(message, "params");

	if (method && !strcmp(method, "initialize"))
		return "initialize does not stand in a batch";
	if (json_object_get(json_object_get(params, "_meta"), version_key))
		return "a request of the modern era does not stand in a batch";
	return NULL;
}

static void take_message(
	struct session *session, json_t *message, struct batch *batch)
{
	const char *fault = is_answer(message) ? NULL : fault_of(message);
	const char *method = json_text(message, "method");
	json_t *id = json_object_get(message, "id");
	json_t *params = json_object_get(message, "params");

	if (!fault && batch)
		fault = alone(message, method);
	if (is_answer(message))
		fault = NULL;
	else if (fault && batch)
		session_add_to_batch(session, batch, invalid(id, fault));
	else if (fault)
		session_send(session, invalid(id, fault));
	else if (!id)
		notification(session, method, params);
	if (fault || is_answer(message) || !id) {
		if (batch)
			session_finish_batch(session, batch);
		return;
	}
	request(session, method, id, params, batch);
}

static void take_batch(struct session *session, json_t *messages)
{
	size_t count = json_array_size(messages);
	struct batch *batch;
	json_t *message;
	size_t i;

	if (!session->initialized || session->version != MCP_2025_03_26 ||
		!count || count > WORKERS_QUEUE) {
		session_send(session,
			invalid(NULL, count > WORKERS_QUEUE
					      ? "a batch has 256 messages at "
						"most"
				      : count ? "batches are of version "
						"2025-03-26 alone"
					      : "an empty batch asks nothing"));
		return;
	}
	batch = own_alloc(sizeof(*batch));
	batch->answers = json_array();
	/* One more, so that it stays open until all are in. */
	batch->open = count + 1;
	json_array_foreach(messages, i, message)
		take_message(session, message, batch);
	session_finish_batch(session, batch);
}

/*
 * JSON that says more than we can hold has an id, and so an answer: a NUL in a
 * text, or an integer of more than 64 bits.
 */
static void no_message(struct session *session, const char *line, size_t length)
{
	json_auto_t *message = json_loadb(line, length,
		JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL |
			JSON_DECODE_INT_AS_REAL,
		NULL);
	json_t *id = json_object_get(message, "id");

	if (!message) {
		session_send_error(
			session, MCP_PARSE_ERROR, "this is no JSON (RFC 8259)");
		return;
	}
	if (is_answer(message))
		return;
	if (!id && json_is_string(json_object_get(message, "method"))) {
		notification(session, json_text(message, "method"),
			json_object_get(message, "params"));
		return;
	}
	/* An integer has become a real on the way. */
	if (json_is_real(id) && json_real_value(id) > -LARGEST &&
		json_real_value(id) < LARGEST)
		id = json_integer((json_int_t)json_real_value(id));
	else if (json_is_string(id) &&
		 strlen(json_string_value(id)) == json_string_length(id))
		id = json_incref(id);
	else
		id = NULL;
	session_send(session,
		invalid(id, "a text holds U+0000, or a number is beyond 64 "
			    "bits: neither is taken"));
	json_decref(id);
}

void dispatch_line(struct session *session, const char *line, size_t length)
{
	json_error_t error;
	json_auto_t *message = json_loadb(
		line, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);

	if (!message)
		no_message(session, line, length);
	else if (json_is_array(message))
		take_batch(session, message);
	else
		take_message(session, message, NULL);
}
