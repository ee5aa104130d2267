/*
 * `bridge mcp`: read what the client writes, line by line, until it has gone.
 */
#include "cmd/context/command.h"
#include "cmd/mcp/dispatch.h"
#include "cmd/mcp/line_reader.h"
#include "cmd/mcp/session.h"
#include "cmd/mcp/workers.h"
#include "cmd/ui/output.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

/* How long what runs is waited for when the client has gone. */
enum { END_MS = 1000 };

static void take_lines(struct session *session, struct line_reader *reader)
{
	enum line_answer answer;
	size_t length;
	char *line;

	while ((answer = line_reader_next(reader, &line, &length)) !=
		LINE_NONE) {
		if (answer == LINE_WHOLE)
			dispatch_line(session, line, length);
		else
			session_send_error(session, MCP_PARSE_ERROR,
				"a line has 10 MB at most");
	}
}

static void read_all(struct session *session, struct line_reader *reader)
{
	static char buffer[65536];

	while (!session->gone) {
		ssize_t got = read(STDIN_FILENO, buffer, sizeof(buffer));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		line_reader_feed(reader, buffer, (size_t)got);
		take_lines(session, reader);
	}
	line_reader_end(reader);
	take_lines(session, reader);
}

enum { MOST_FILES = 4096 };

/* Each call that waits has two: as many as may wait. */
static void raise_descriptors(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files))
		return;
	files.rlim_cur = files.rlim_max < MOST_FILES ? files.rlim_max
						     : MOST_FILES;
	setrlimit(RLIMIT_NOFILE, &files);
}

enum exit_status command_mcp(const struct options *options)
{
	static struct session session;
	AUTO(line_reader) reader = LINE_READER_INIT;

	session = (struct session){.options = options,
		.read_only = options->read_only,
		.version = MCP_2024_11_05,
		.log_level = -1,
		.uris = json_object()};
	pthread_mutex_init(&session.lock, NULL);
	signal(SIGPIPE, SIG_IGN);
	raise_descriptors();
	if (isatty(STDIN_FILENO) && !options->quiet)
		output_note("an MCP client talks to this over a pipe; `bridge "
			    "mcp register` tells one of it");
	read_all(&session, &reader);
	session_hurry(&session);
	workers_drain(END_MS);
	/* Threads may still be at it: nothing of theirs is freed. */
	line_reader_release(&reader);
	_exit(session.gone ? EXIT_UNABLE : EXIT_YES);
}
