/*
 * What goes out to the client, and what is still open: the one lock.
 */
#ifndef CMD_MCP_SESSION_H
#define CMD_MCP_SESSION_H

#include "cmd/mcp/call.h"

#include <pthread.h>

/* One client's session, which is the process's life. */
struct session {
	const struct options *options; /* of `bridge mcp` itself */
	bool read_only;
	bool initialized;         /* legacy */
	enum mcp_version version; /* legacy; then */
	int log_level;            /* legacy; of log_levels[], or -1 */

	pthread_mutex_t lock; /* of all that follows, and of stdout */
	struct call *calls;   /* not answered yet */
	json_t *uris;         /* legacy subscriptions: an object of them */
	_Atomic bool gone;    /* nobody reads what we write */
};

/* Several requests in one array (2025-03-26), answered in one. */
struct batch {
	size_t open; /* requests without an answer yet */
	json_t *answers;
};

/* Write one message; takes the reference over. */
void session_send(struct session *session, json_t *message);

/* The same, for who holds the lock. */
void session_send_locked(struct session *session, json_t *message);

/* {jsonrpc, method, params}; takes params over, which may be NULL. */
json_t *session_notification(const char *method, json_t *params);

/* An error that answers nothing with an id. */
void session_send_error(
	struct session *session, enum mcp_code code, const char *message);

/* Take a call in; false when its id is in use. */
bool session_add(struct session *session, struct call *call);

/* Answer it, unless it was cancelled, and free it. */
void session_finish(struct call *call);

/* An answer that is there at once; takes it over. */
void session_add_to_batch(
	struct session *session, struct batch *batch, json_t *answer);

/* A batch with nothing open any more is answered. */
void session_finish_batch(struct session *session, struct batch *batch);

bool session_is_cancelled(const struct call *call);

/*
 * Nothing more will be said for this id, and who works for it sees that. The
 * call, or NULL when none is open by that id. Under the lock.
 */
struct call *session_cancel_locked(struct session *session, const json_t *id);

/*
 * At the end: who waits is answered with what is known now, and those that
 * stay with their last message.
 */
void session_hurry(struct session *session);

/* For struct waiting. */
void session_progress(
	void *call, unsigned done, unsigned total, const char *message);

#endif
