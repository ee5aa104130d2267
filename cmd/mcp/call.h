/*
 * The Model Context Protocol over stdio: JSON-RPC 2.0, one message a line.
 * https://modelcontextprotocol.io/specification
 *
 * Two eras are served in one process, and each request says of which it is: a
 * legacy session begins with `initialize` and keeps its version; a modern
 * request names its version in params._meta and stands for itself.
 *
 * One thread reads. A method that may have to wait (for the supervisor, for
 * git) runs in a thread of its own (workers.h), so that reading goes on.
 * Whoever has an answer writes it, a whole line under one lock (session.h).
 *
 * Here: a request on its way to its answer.
 */
#ifndef CMD_MCP_CALL_H
#define CMD_MCP_CALL_H

#include "cmd/ui/options.h"
#include "schema/base/alloc.h"

#include <jansson.h>
#include <stdbool.h>

/* In the order of their dates, so that they can be compared. */
enum mcp_version {
	MCP_2024_11_05,
	MCP_2025_03_26,
	MCP_2025_06_18,
	MCP_2025_11_25,
	MCP_2026_07_28, /* the modern one */
	MCP_VERSIONS
};

#define MCP_LEGACY_LATEST MCP_2025_11_25

const char *mcp_version_name(enum mcp_version version);

/* MCP_VERSIONS when it is none. */
enum mcp_version mcp_version_find(const char *name);

/* JSON-RPC 2.0, section 5.1, and MCP's own. */
enum mcp_code {
	MCP_PARSE_ERROR = -32700,
	MCP_INVALID_REQUEST = -32600,
	MCP_NO_METHOD = -32601,
	MCP_INVALID_PARAMS = -32602,
	MCP_INTERNAL_ERROR = -32603,
	MCP_NO_RESOURCE = -32002, /* legacy */
	MCP_NO_VERSION = -32022,  /* modern */
};

struct call;
struct session;
struct batch;

/* What a request does; one row each in method_table.c. */
struct method {
	const char *name;
	enum mcp_version first, last;
	void (*run)(struct call *call);
	unsigned is; /* of enum method_is */
};

enum method_is {
	METHOD_WAITS = 1 << 0,    /* runs in a thread of its own */
	METHOD_CACHED = 1 << 1,   /* its result may be kept for a while */
	METHOD_STAYS = 1 << 2,    /* without an answer, until it is cancelled */
	METHOD_ANY_TIME = 1 << 3, /* also before `initialize` */
};

/* A request on its way to its answer. */
struct call {
	struct session *session;
	struct call *next; /* in session->calls */
	const struct method *method;
	enum mcp_version version;
	json_t *id;
	json_t *params; /* an object, maybe empty */
	struct batch *batch;

	json_t *progress_token;  /* or NULL */
	double progress;         /* the last one told */
	int cancel_fd, hurry_fd; /* eventfd(2), or -1; as struct waiting's */
	bool cancelled;          /* under session->lock */
	struct waiting waiting;  /* what the answers look at */

	/* The answer: a result, or an error. */
	json_t *result;
	int code; /* of enum mcp_code, 0: none */
	char *message;
	json_t *data; /* or NULL */
};

/* Let it end in an error; the message is made plain. `data` is taken over. */
void call_fail(struct call *call, enum mcp_code code, json_t *data,
	const char *format, ...) PRINTF(4, 5);

/* A text member of params, or NULL. */
const char *call_text(const struct call *call, const char *key);

static inline bool call_is_modern(const struct call *call)
{
	return call->version == MCP_2026_07_28;
}

/* What messages about a call that stays say of themselves: its id. */
json_t *call_stream_meta(const struct call *call);

#endif
