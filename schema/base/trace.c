#include "schema/base/trace.h"

#include "schema/base/text.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int file = -1;

void trace_open(void)
{
	const char *path = getenv("BRIDGE_TRACE");

	if (!path || !*path)
		return;
	/* The supervisor's folder is not where its starter was. */
	if (*path == '/')
		file = open(path,
			O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
			0600);
	if (file < 0)
		fprintf(stderr,
			"bridge-supervisor: BRIDGE_TRACE '%s' is no absolute "
			"path that can be written to\n",
			path);
}

bool trace_is_on(void)
{
	return file >= 0;
}

/* One write a line: two supervisors may share the file. */
static void put(const char *what, const char *name, const struct text *message)
{
	AUTO(text) line = TEXT_INIT;
	struct timespec now;
	struct tm parts;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &parts);
	text_format(&line, "%02d:%02d:%02d.%06ld %s %s ", parts.tm_hour,
		parts.tm_min, parts.tm_sec, now.tv_nsec / 1000, what,
		name ? name : "-");
	text_append_visible(&line, message->data, message->length);
	text_append_char(&line, '\n');
	if (write(file, line.data, line.length) < 0) {
		close(file);
		file = -1;
	}
}

void trace(const char *what, const char *name, const char *format, ...)
{
	AUTO(text) message = TEXT_INIT;
	va_list arguments;

	if (!trace_is_on())
		return;
	va_start(arguments, format);
	text_vformat(&message, format, arguments);
	va_end(arguments);
	put(what, name, &message);
}

void trace_argv(const char *what, int pid, char *const *argv)
{
	AUTO(text) message = TEXT_INIT;

	if (!trace_is_on())
		return;
	text_format(&message, "pid %d:", pid);
	for (; *argv; argv++)
		text_format(&message, " '%s'", *argv);
	put(what, NULL, &message);
}
