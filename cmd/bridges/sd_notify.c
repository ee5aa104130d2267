#include "cmd/bridges/sd_notify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A path, or '@' and a name in the abstract namespace (unix(7)). */
static int connect_to(const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = strlen(name);
	socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
				     length);
	int fd;

	if ((name[0] != '/' && name[0] != '@') || !name[1] ||
		length >= sizeof(address.sun_path))
		return -1;
	memcpy(address.sun_path, name, length);
	if (name[0] == '@')
		address.sun_path[0] = '\0';
	else
		size++;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, size)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Half of what it allows, as sd_watchdog_enabled(3) advises. */
static int64_t watchdog_ms(void)
{
	const char *usec = getenv("WATCHDOG_USEC");
	const char *pid = getenv("WATCHDOG_PID");
	long long allowed = usec ? strtoll(usec, NULL, 10) : 0;

	if (allowed <= 0 || (pid && strtoll(pid, NULL, 10) != getpid()))
		return 0;
	return allowed < 2000 ? 1 : allowed / 2000;
}

void sd_notify_open(struct sd_notify *notify)
{
	static const char *const ours[] = {
		"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"};
	const char *name = getenv("NOTIFY_SOCKET");

	notify->socket = name ? own_strdup(name) : NULL;
	notify->fd = name ? connect_to(name) : -1;
	notify->watchdog_ms = notify->fd >= 0 ? watchdog_ms() : 0;
	for (size_t i = 0; i < COUNT(ours); i++)
		unsetenv(ours[i]);
}

void sd_notify_close(struct sd_notify *notify)
{
	if (notify->fd >= 0)
		close(notify->fd);
	notify->fd = -1;
	free(notify->socket);
	notify->socket = NULL;
}

void sd_notify_put_back(const struct sd_notify *notify)
{
	AUTO(text) usec = TEXT_INIT;

	if (notify->socket)
		setenv("NOTIFY_SOCKET", notify->socket, 1);
	if (!notify->watchdog_ms)
		return;
	text_format(&usec, "%lld", (long long)notify->watchdog_ms * 2000);
	setenv("WATCHDOG_USEC", usec.data, 1);
}

void sd_notify_send(const struct sd_notify *notify, const char *format, ...)
{
	AUTO(text) text = TEXT_INIT;
	va_list arguments;

	if (notify->fd < 0)
		return;
	va_start(arguments, format);
	text_vformat(&text, format, arguments);
	va_end(arguments);
	while (send(notify->fd, text.data, text.length, MSG_NOSIGNAL) < 0 &&
		errno == EINTR)
		continue;
}
