#include "cmd/ui/terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

enum { WIDTH = 80, HEIGHT = 24, LEAST = 20, MOST = 10000 };

static bool ask_size(int fd, struct winsize *size)
{
	*size = (struct winsize){.ws_col = 0};
	if (!isatty(fd))
		return false;
	if (ioctl(fd, TIOCGWINSZ, size))
		*size = (struct winsize){.ws_col = 0};
	return true;
}

/* Whoever sets COLUMNS by hand means it. */
static size_t columns_set(void)
{
	const char *set = getenv("COLUMNS");
	long columns = set ? strtol(set, NULL, 10) : 0;

	return columns > 0 && columns <= MOST ? (size_t)columns : 0;
}

size_t terminal_width(int fd)
{
	struct winsize size;
	size_t width;

	if (!ask_size(fd, &size))
		return 0;
	width = columns_set();
	if (!width)
		width = size.ws_col ? size.ws_col : WIDTH;
	return width < LEAST ? LEAST : width;
}

void terminal_size(int fd, size_t *columns, size_t *rows)
{
	struct winsize size;

	ask_size(fd, &size);
	*columns = size.ws_col ? size.ws_col : WIDTH;
	*rows = size.ws_row ? size.ws_row : HEIGHT;
}

bool terminal_can_move(int fd)
{
	const char *term = getenv("TERM");

	return isatty(fd) && term && *term && strcmp(term, "dumb") != 0;
}

const char *terminal_ellipsis(void)
{
	static const char *ellipsis;

	if (!ellipsis) {
		setlocale(LC_CTYPE, "");
		ellipsis = strcmp(nl_langinfo(CODESET), "UTF-8")
				   ? "..."
				   : "\xe2\x80\xa6";
	}
	return ellipsis;
}
