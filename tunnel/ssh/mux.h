/*
 * The words of OpenSSH's multiplexing protocol that add and remove forwards
 * on a running connection. Pure: bytes in, bytes out.
 *
 * Source: OpenSSH's PROTOCOL.mux, protocol version 4; the answers were
 * measured with OpenSSH 9.2: a remote forward is answered once the server has
 * confirmed or refused it.
 */
#ifndef TUNNEL_MUX_H
#define TUNNEL_MUX_H

#include "schema/base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	MUX_VERSION = 4,
	MUX_MAX_PACKET = 64 * 1024, /* a reply is some dozen bytes */
	MUX_MAX_REASON = 200,
};

enum mux_direction { MUX_LOCAL = 1, MUX_REMOTE = 2 };

/* A port of -2 says that the host is the path of a Unix socket. */
#define MUX_UNIX_SOCKET ((uint32_t)-2)

struct mux_forward {
	enum mux_direction direction;
	const char *listen_host;
	uint32_t listen_port;
	const char *connect_host;
	uint32_t connect_port;
};

/* Would ssh take one for the other? */
bool mux_same_forward(const struct mux_forward *a, const struct mux_forward *b);

/* Append one packet. */
void mux_put_hello(struct text *out);
void mux_put_open(
	struct text *out, uint32_t id, const struct mux_forward *forward);
void mux_put_close(
	struct text *out, uint32_t id, const struct mux_forward *forward);

enum mux_kind {
	MUX_NOTHING,  /* the packet is not complete */
	MUX_NONSENSE, /* no packet of this protocol: hang up */
	MUX_HELLO,
	MUX_OK,
	MUX_REFUSED,
	MUX_OTHER, /* well formed, and not for us */
};

struct mux_reply {
	enum mux_kind kind;
	uint32_t version; /* of a hello */
	uint32_t id;
	char reason[MUX_MAX_REASON + 1]; /* of a refusal; any bytes but NUL */
};

/*
 * Read the packet at the start of `bytes`, which come from ssh. How long it
 * is: 0 with MUX_NOTHING and MUX_NONSENSE.
 */
size_t mux_get(struct mux_reply *reply, const char *bytes, size_t length);

#endif
