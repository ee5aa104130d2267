/*
 * What a supervisor, or whatever listens in its place, sends a command.
 */
#include "tests/fuzz/fuzz.h"

#include "schema/base/alloc.h"
#include "tunnel/control/client.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void listen_to(int fd)
{
	struct client client = CLIENT_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	json_t *reply = NULL;
	enum client_answer answer;

	client.fd = fd;
	/* The other end has closed: only the first send is taken. */
	if (client_call(&client, CONTROL_STATUS, NULL, &reply, &diags))
		REQUIRE(json_is_true(json_object_get(reply, "ok")));
	else
		fuzz_check_diags(&diags, false);
	json_decref(reply);
	do {
		json_t *message;

		answer = client_next(&client, &message, client_now());
		REQUIRE(answer != CLIENT_MESSAGE || json_is_object(message));
		json_decref(message);
	} while (answer == CLIENT_MESSAGE);
	client_release(&client);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	int ends[2];
	ssize_t sent;

	REQUIRE(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
	sent = length ? send(ends[1], bytes, length,
				MSG_NOSIGNAL | MSG_DONTWAIT)
		      : 0;
	(void)sent;
	shutdown(ends[1], SHUT_WR);
	listen_to(ends[0]);
	close(ends[1]);
	return 0;
}
