#include "tunnel/control/protocol.h"

#include "schema/base/text.h"
#include "tunnel/state/state_dir.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const char *const names[CONTROL_OPS] = {
	[CONTROL_HELLO] = "hello",
	[CONTROL_UP] = "up",
	[CONTROL_DOWN] = "down",
	[CONTROL_RESTART] = "restart",
	[CONTROL_UPDATE] = "update",
	[CONTROL_STATUS] = "status",
	[CONTROL_SUBSCRIBE] = "subscribe",
	[CONTROL_FLUSH] = "flush",
	[CONTROL_STAY] = "stay",
	[CONTROL_END] = "end",
	[CONTROL_UPGRADE] = "upgrade",
};

const char *control_op_name(enum control_op op)
{
	return names[op];
}

enum control_op control_op_find(const char *name)
{
	int op = 0;

	while (op < CONTROL_OPS && (!name || strcmp(names[op], name)))
		op++;
	return (enum control_op)op;
}

static struct sockaddr_un address(int directory)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};

	snprintf(name.sun_path, sizeof(name.sun_path), "/proc/self/fd/%d/%s",
		directory, STATE_SOCKET);
	return name;
}

int control_listen(int directory)
{
	struct sockaddr_un name = address(directory);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	mode_t mask;
	int failed;

	if (fd < 0)
		return -1;
	unlinkat(directory, STATE_SOCKET, 0);
	mask = umask(0177);
	failed = bind(fd, (struct sockaddr *)&name, sizeof(name));
	umask(mask);
	if (!failed && !listen(fd, 128))
		return fd;
	failed = errno;
	close(fd);
	errno = failed;
	return -1;
}

int control_connect(int directory)
{
	/* A stopped supervisor takes neither connections nor bytes. */
	const struct timeval patience = {.tv_sec = 10};
	struct sockaddr_un name = address(directory);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int failed;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	do
		failed = connect(fd, (struct sockaddr *)&name, sizeof(name));
	while (failed && errno == EINTR);
	if (!failed)
		return fd;
	failed = errno;
	close(fd);
	errno = failed;
	return -1;
}

bool control_peer_is_us(int fd)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	return !getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) &&
	       peer.uid == geteuid();
}
