#include "tunnel/ssh/mux.h"

#include <string.h>

enum packet {
	PACKET_HELLO = 0x00000001,
	PACKET_OPEN_FORWARD = 0x10000006,
	PACKET_CLOSE_FORWARD = 0x10000007,
};

/* Beyond INT_MAX, which no enumerator may be. */
#define PACKET_OK                0x80000001u
#define PACKET_PERMISSION_DENIED 0x80000002u
#define PACKET_FAILURE           0x80000003u
#define PACKET_REMOTE_PORT       0x80000007u

static void put_number(struct text *out, uint32_t number)
{
	const char bytes[4] = {(char)(number >> 24), (char)(number >> 16),
		(char)(number >> 8), (char)number};

	text_append_bytes(out, bytes, sizeof(bytes));
}

static void put_string(struct text *out, const char *string)
{
	size_t length = strlen(string);

	put_number(out, (uint32_t)length);
	text_append_bytes(out, string, length);
}

bool mux_same_forward(const struct mux_forward *a, const struct mux_forward *b)
{
	return a->direction == b->direction &&
	       a->listen_port == b->listen_port &&
	       a->connect_port == b->connect_port &&
	       !strcmp(a->listen_host, b->listen_host) &&
	       !strcmp(a->connect_host, b->connect_host);
}

void mux_put_hello(struct text *out)
{
	put_number(out, 8);
	put_number(out, PACKET_HELLO);
	put_number(out, MUX_VERSION);
}

static void put_forward(struct text *out, enum packet packet, uint32_t id,
	const struct mux_forward *forward)
{
	AUTO(text) body = TEXT_INIT;

	put_number(&body, packet);
	put_number(&body, id);
	put_number(&body, forward->direction);
	put_string(&body, forward->listen_host);
	put_number(&body, forward->listen_port);
	put_string(&body, forward->connect_host);
	put_number(&body, forward->connect_port);
	put_number(out, (uint32_t)body.length);
	text_append_bytes(out, body.data, body.length);
}

void mux_put_open(
	struct text *out, uint32_t id, const struct mux_forward *forward)
{
	put_forward(out, PACKET_OPEN_FORWARD, id, forward);
}

void mux_put_close(
	struct text *out, uint32_t id, const struct mux_forward *forward)
{
	put_forward(out, PACKET_CLOSE_FORWARD, id, forward);
}

/* What is left of a packet. */
struct body {
	const unsigned char *at;
	size_t left;
};

static bool get_number(struct body *body, uint32_t *number)
{
	if (body->left < 4)
		return false;
	*number = (uint32_t)body->at[0] << 24 | (uint32_t)body->at[1] << 16 |
		  (uint32_t)body->at[2] << 8 | body->at[3];
	body->at += 4;
	body->left -= 4;
	return true;
}

/* As much as there is room for; a NUL in it becomes '?'. */
static bool get_reason(struct body *body, char reason[MUX_MAX_REASON + 1])
{
	uint32_t length;
	size_t kept;

	if (!get_number(body, &length) || length > body->left)
		return false;
	kept = length < MUX_MAX_REASON ? length : MUX_MAX_REASON;
	for (size_t i = 0; i < kept; i++)
		reason[i] = body->at[i] ? (char)body->at[i] : '?';
	reason[kept] = '\0';
	return true;
}

static bool get_body(struct mux_reply *reply, struct body *body)
{
	uint32_t packet;

	if (!get_number(body, &packet))
		return false;
	switch (packet) {
	case PACKET_HELLO:
		reply->kind = MUX_HELLO;
		return get_number(body, &reply->version);
	case PACKET_OK:
	case PACKET_REMOTE_PORT:
		reply->kind = MUX_OK;
		return get_number(body, &reply->id);
	case PACKET_PERMISSION_DENIED:
	case PACKET_FAILURE:
		reply->kind = MUX_REFUSED;
		return get_number(body, &reply->id) &&
		       get_reason(body, reply->reason);
	default:
		reply->kind = MUX_OTHER;
		return true;
	}
}

size_t mux_get(struct mux_reply *reply, const char *bytes, size_t length)
{
	struct body body = {(const unsigned char *)bytes, length};
	uint32_t size;

	*reply = (struct mux_reply){.kind = MUX_NOTHING};
	if (!get_number(&body, &size))
		return 0;
	if (size < 4 || size > MUX_MAX_PACKET) {
		reply->kind = MUX_NONSENSE;
		return 0;
	}
	if (body.left < size)
		return 0;
	body.left = size;
	if (get_body(reply, &body))
		return 4 + size;
	reply->kind = MUX_NONSENSE;
	return 0;
}
