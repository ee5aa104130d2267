/*
 * The control protocol's words, as PROTOCOL.md describes them: one JSON
 * object a line, over the socket in the state directory.
 */
#ifndef TUNNEL_CONTROL_H
#define TUNNEL_CONTROL_H

#include "schema/diag/diag.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum {
	CONTROL_PROTOCOL = 1,
	CONTROL_MAX_REQUEST = 1024 * 1024,     /* bytes in a line */
	CONTROL_MAX_REPLY = 64 * 1024 * 1024,  /* what a client accepts */
	CONTROL_MAX_BACKLOG = 4 * 1024 * 1024, /* unread by a client */
	CONTROL_MAX_CLIENTS = 256,
};

/*
 * What a supervisor hands over to the program that it becomes
 * (tunnel/supervisor/handover.h): `bridge-supervisor --version` ends in
 * "handover " and the format it understands. The argument is followed by the
 * number of a descriptor.
 */
enum { HANDOVER_FORMAT = 1 };
#define HANDOVER_ARGUMENT "--handover"

enum control_op {
	CONTROL_HELLO,
	CONTROL_UP,
	CONTROL_DOWN,
	CONTROL_RESTART,
	CONTROL_UPDATE,
	CONTROL_STATUS,
	CONTROL_SUBSCRIBE,
	CONTROL_FLUSH,
	CONTROL_STAY,
	CONTROL_END,
	CONTROL_UPGRADE,
	CONTROL_OPS
};

/* "hello", "up", ... */
const char *control_op_name(enum control_op op);

/* CONTROL_OPS for an unknown word or NULL. */
enum control_op control_op_find(const char *name);

/*
 * Listen on, or connect to, STATE_SOCKET in a directory; a descriptor, or -1
 * with errno. The way through /proc/self/fd keeps the path short whatever the
 * directory's own path is: sun_path holds 108 bytes (unix(7)).
 */
int control_listen(int directory);
int control_connect(int directory);

/* The user on the other side (SO_PEERCRED) is the one we run as. */
bool control_peer_is_us(int fd);

#endif
