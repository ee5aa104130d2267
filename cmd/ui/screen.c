#include "cmd/ui/screen.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* The other screen, no cursor, no wrapping; and back. */
#define ENTER "\033[?1049h\033[?25l\033[?7l"
#define LEAVE "\033[?7h\033[?25h\033[?1049l"

/* Terminals that know this show what is between them at once. */
#define BEGIN "\033[?2026h\033[H"
#define END   "\033[?2026l"

static const struct {
	const char *bytes;
	enum screen_key key;
} keys[] = {
	{"q", SCREEN_QUIT},
	{"Q", SCREEN_QUIT},
	{"k", SCREEN_UP},
	{"\033[A", SCREEN_UP},
	{"\033OA", SCREEN_UP},
	{"j", SCREEN_DOWN},
	{"\033[B", SCREEN_DOWN},
	{"\033OB", SCREEN_DOWN},
	{"b", SCREEN_PAGE_UP},
	{"\033[5~", SCREEN_PAGE_UP},
	{" ", SCREEN_PAGE_DOWN},
	{"\033[6~", SCREEN_PAGE_DOWN},
	{"g", SCREEN_FIRST},
	{"\033[H", SCREEN_FIRST},
	{"\033[1~", SCREEN_FIRST},
	{"G", SCREEN_LAST},
	{"\033[F", SCREEN_LAST},
	{"\033[4~", SCREEN_LAST},
};

static void put(struct screen *screen, const char *bytes, size_t length)
{
	while (length) {
		ssize_t written = write(STDOUT_FILENO, bytes, length);

		if (written < 0 && errno == EAGAIN) {
			struct pollfd out = {
				.fd = STDOUT_FILENO, .events = POLLOUT};

			poll(&out, 1, -1);
			continue;
		}
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0) {
			screen->gone = true;
			return;
		}
		bytes += written;
		length -= (size_t)written;
	}
}

static void enter_screen(struct screen *screen)
{
	struct termios raw = screen->before;

	/* ^C, ^Z and ^\ stay signals. */
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	if (screen->raw)
		tcsetattr(screen->keys, TCSADRAIN, &raw);
	put(screen, ENTER, sizeof(ENTER) - 1);
	text_clear(&screen->shown);
}

static void leave(struct screen *screen)
{
	put(screen, LEAVE, sizeof(LEAVE) - 1);
	if (screen->raw)
		tcsetattr(screen->keys, TCSADRAIN, &screen->before);
}

static bool listen_to(struct screen *screen, int fd)
{
	struct epoll_event event = {.events = EPOLLIN};

	return !epoll_ctl(screen->events, EPOLL_CTL_ADD, fd, &event);
}

bool screen_open(struct screen *screen)
{
	static const int watched[] = {
		SIGWINCH, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < COUNT(watched); i++)
		sigaddset(&set, watched[i]);
	screen->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	screen->events = epoll_create1(EPOLL_CLOEXEC);
	if (screen->signals < 0 || screen->events < 0 ||
		!listen_to(screen, screen->signals))
		return false;
	screen->raw = !tcgetattr(STDIN_FILENO, &screen->before);
	if (screen->raw && listen_to(screen, STDIN_FILENO))
		screen->keys = STDIN_FILENO;
	screen->raw = screen->keys >= 0;
	sigprocmask(SIG_BLOCK, &set, &screen->mask);
	screen->open = true;
	enter_screen(screen);
	return true;
}

void screen_release(struct screen *screen)
{
	if (screen->open) {
		leave(screen);
		sigprocmask(SIG_SETMASK, &screen->mask, NULL);
	}
	if (screen->events >= 0)
		close(screen->events);
	if (screen->signals >= 0)
		close(screen->signals);
	text_release(&screen->typed);
	text_release(&screen->shown);
	*screen = (struct screen)SCREEN_INIT;
}

/*
 * Let the signal do what it does, with the terminal as it was. Who ignores it
 * (nohup), or is continued after it, comes back.
 */
static void obey(struct screen *screen, int number)
{
	sigset_t blocked;

	leave(screen);
	raise(number);
	sigprocmask(SIG_SETMASK, &screen->mask, &blocked);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	enter_screen(screen);
}

static enum screen_key take_signal(struct screen *screen)
{
	struct signalfd_siginfo info;

	if (read(screen->signals, &info, sizeof(info)) != sizeof(info))
		return SCREEN_NOTHING;
	/* Stopped by a signal that nobody can hear: the shell has had it. */
	if (info.ssi_signo == SIGCONT)
		enter_screen(screen);
	else if (info.ssi_signo != SIGWINCH)
		obey(screen, (int)info.ssi_signo);
	text_clear(&screen->shown);
	return SCREEN_REDRAW;
}

/* The bytes of the first key: a letter, or a whole escape sequence. */
static size_t key_length(const char *bytes, size_t length)
{
	size_t at = 2;

	if (bytes[0] != '\033' || length < 2 ||
		(bytes[1] != '[' && bytes[1] != 'O'))
		return 1;
	while (at < length && (unsigned char)bytes[at] < 0x40)
		at++;
	return at < length ? at + 1 : length;
}

static void read_keys(struct screen *screen)
{
	struct pollfd in = {.fd = screen->keys, .events = POLLIN};
	char bytes[256];
	ssize_t got;

	if (screen->keys < 0 || poll(&in, 1, 0) <= 0)
		return;
	got = read(screen->keys, bytes, sizeof(bytes));
	if (got > 0) {
		text_append_bytes(&screen->typed, bytes, (size_t)got);
		return;
	}
	/* Nobody types any more. */
	epoll_ctl(screen->events, EPOLL_CTL_DEL, screen->keys, NULL);
	screen->keys = -1;
}

enum screen_key screen_key(struct screen *screen)
{
	enum screen_key key = take_signal(screen);
	size_t length;

	if (screen->gone)
		return SCREEN_QUIT;
	if (key != SCREEN_NOTHING)
		return key;
	if (!screen->typed.length)
		read_keys(screen);
	if (!screen->typed.length)
		return SCREEN_NOTHING;
	length = key_length(screen->typed.data, screen->typed.length);
	key = SCREEN_OTHER;
	for (size_t i = 0; i < COUNT(keys); i++)
		if (strlen(keys[i].bytes) == length &&
			!memcmp(keys[i].bytes, screen->typed.data, length))
			key = keys[i].key;
	text_consume(&screen->typed, length);
	return key;
}

void screen_draw(struct screen *screen, const struct text *lines)
{
	AUTO(text) out = TEXT_INIT;
	const char *line = lines->data;

	if (screen->shown.length == lines->length &&
		!memcmp(screen->shown.data, lines->data, lines->length))
		return;
	text_append(&out, BEGIN);
	for (const char *end; *line; line = end + (*end == '\n')) {
		end = line + strcspn(line, "\n");
		if (line != lines->data)
			text_append(&out, "\r\n");
		text_append_bytes(&out, line, (size_t)(end - line));
		text_append(&out, "\033[K");
	}
	text_append(&out, "\033[J" END);
	put(screen, out.data, out.length);
	text_clear(&screen->shown);
	text_append_bytes(&screen->shown, lines->data, lines->length);
}
