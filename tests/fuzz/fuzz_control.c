/*
 * What a client may send a supervisor: through the real socket, the cutting
 * into lines and every request that starts no process. The supervisor has
 * been told to end, so that `up` and `upgrade` are refused.
 */
#include "tests/fuzz/fuzz.h"

#include "schema/base/alloc.h"
#include "tunnel/control/protocol.h"
#include "tunnel/state/state_dir.h"
#include "tunnel/supervisor/connect_queue.h"
#include "tunnel/supervisor/internal.h"
#include "tunnel/supervisor/publish.h"
#include "tunnel/supervisor/requests.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct supervisor supervisor;
static int directory;

static void stay_idle(void *data)
{
	(void)data;
}

static void start_nothing(uv_timer_t *timer)
{
	(void)timer;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const struct server_handler handler = {.request = requests_handle,
		.gone = requests_client_gone,
		.data = &supervisor};
	AUTO(diags) diags = DIAGS_INIT;

	(void)argc;
	(void)argv;
	directory = state_open(fuzz_folder(), true, &diags);
	REQUIRE(directory >= 0);
	supervisor.loop = uv_default_loop();
	supervisor.directory = directory;
	supervisor.stop_reason = "fuzzed";
	supervisor.files = (struct supervisor_files){directory, -1, -1};
	supervisor.wanted = json_object();
	file_writer_init(&supervisor.writer, supervisor.loop, directory);
	publish_init(&supervisor, stay_idle);
	connect_queue_init(&supervisor, start_nothing);
	REQUIRE(!server_start(&supervisor.server, supervisor.loop,
		control_listen(directory),
		json_pack("{s:i}", "bridge", CONTROL_PROTOCOL), handler));
	return 0;
}

/* Every answer is one JSON object that says how it went. */
static void check_answers(int fd)
{
	AUTO(text) answers = TEXT_INIT;
	struct part rest;

	/* A client that is refused before all it sent was read is reset. */
	REQUIRE(text_read(&answers, fd, CONTROL_MAX_REPLY) ||
		errno == ECONNRESET);
	rest = (struct part){answers.data, answers.length};
	while (rest.length) {
		struct part line = fuzz_line(&rest);
		json_auto_t *json = json_loadb(
			line.bytes, line.length, 0, NULL);

		REQUIRE(json_is_object(json));
		REQUIRE(json_object_get(json, "ok") ||
			json_object_get(json, "bridge"));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	AUTO_CLOSE int fd = control_connect(directory);
	ssize_t sent;

	REQUIRE(fd >= 0);
	/* Many small answers fill the socket: they must not wait for us. */
	if (length > 10000)
		length = 10000;
	sent = length ? send(fd, bytes, length, MSG_NOSIGNAL) : 0;
	REQUIRE(sent == (ssize_t)length);
	shutdown(fd, SHUT_WR);
	do
		uv_run(supervisor.loop, UV_RUN_ONCE);
	while (supervisor.server.count || supervisor.writer.busy);
	uv_run(supervisor.loop, UV_RUN_NOWAIT);
	check_answers(fd);
	/* A client that had it stay has left, or one has told it to end. */
	supervisor.ending = false;
	return 0;
}
