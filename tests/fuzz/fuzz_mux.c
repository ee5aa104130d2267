/*
 * What an ssh answers over its multiplexing socket, as it comes: whole, and
 * cut anywhere.
 */
#include "tests/fuzz/fuzz.h"

#include "tunnel/ssh/mux.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const char *at = (const char *)bytes;
	size_t left = length;
	struct mux_reply reply;
	size_t size;

	while ((size = mux_get(&reply, at, left))) {
		struct mux_reply part;

		REQUIRE(size >= 8 && size <= left);
		REQUIRE(size <= 4 + MUX_MAX_PACKET);
		REQUIRE(reply.kind != MUX_NOTHING);
		REQUIRE(reply.kind != MUX_NONSENSE);
		REQUIRE(strlen(reply.reason) <= MUX_MAX_REASON);
		REQUIRE(!*reply.reason || reply.kind == MUX_REFUSED);
		REQUIRE(!mux_get(&part, at, size - 1));
		REQUIRE(part.kind == MUX_NOTHING);
		at += size;
		left -= size;
	}
	REQUIRE(reply.kind == MUX_NOTHING || reply.kind == MUX_NONSENSE);
	return 0;
}
