/*
 * A command's end of the control socket, blocking, and the start of the
 * supervisor when none answers.
 */
#ifndef TUNNEL_CLIENT_H
#define TUNNEL_CLIENT_H

#include "schema/base/text.h"
#include "schema/bridge/bridge.h"
#include "tunnel/control/protocol.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct client {
	int fd;        /* -1: no supervisor runs */
	int directory; /* the state directory, -1 when there is none */
	char *path;    /* of the state directory */
	struct text input;
	size_t taken;     /* bytes of input already handed out */
	json_int_t calls; /* the last request's id */
	int cancel_fd;    /* readable, or hung up: wait no longer; -1 */
	long supervisor_pid;
	char *supervisor_version; /* "0.1.0" */
};

#define CLIENT_INIT                                                            \
	{                                                                      \
		.fd = -1, .directory = -1, .cancel_fd = -1, .input = TEXT_INIT \
	}

void client_release(struct client *client);

enum client_mode {
	CLIENT_LOOK, /* no supervisor is no error: fd is -1 then */
	CLIENT_START /* start one when none answers */
};

/*
 * Connect to the state directory's supervisor. Two clients that start one at
 * the same time end with one: it holds .supervisor.lock for its life.
 */
bool client_open(
	struct client *client, enum client_mode mode, struct diags *diags);

/*
 * Send a request; `body` (may be NULL) is taken over and gets "op" and "id".
 * The id, or 0 after an error.
 */
json_int_t client_send(struct client *client, enum control_op op, json_t *body,
	struct diags *diags);

enum client_answer { CLIENT_MESSAGE, CLIENT_TIMEOUT, CLIENT_LOST };

/*
 * The next message, a reply or an event; a new reference. deadline_ms is of
 * CLOCK_MONOTONIC, negative waits for ever. CLIENT_LOST: the supervisor is
 * gone, or does not speak the protocol.
 */
enum client_answer client_next(
	struct client *client, json_t **message, int64_t deadline_ms);

/*
 * Send and wait for the reply, events on the way are dropped. *reply is a new
 * reference with "ok" true; a refusal becomes an error in diags.
 */
bool client_call(struct client *client, enum control_op op, json_t *body,
	json_t **reply, struct diags *diags);

/*
 * The same for a reply with a long list, whose members are handed over one by
 * one, borrowed: a thousand of them are not in memory at once.
 */
bool client_call_each(struct client *client, enum control_op op, json_t *body,
	const char *list, void (*take)(const json_t *item, void *data),
	void *data, struct diags *diags);

/* CLOCK_MONOTONIC in milliseconds. */
int64_t client_now(void);

#endif
