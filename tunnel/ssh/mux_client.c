#include "tunnel/ssh/mux_client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void on_link_closed(uv_handle_t *handle)
{
	struct master_link *link = handle->data;

	close(link->fd);
	text_release(&link->in);
	text_release(&link->out);
	free(link);
}

void master_link_close(struct master *master)
{
	struct master_link *link = master->link;

	master->link = NULL;
	master->speaking = false;
	if (!link)
		return;
	link->master = NULL;
	uv_close((uv_handle_t *)&link->poll, on_link_closed);
}

static void on_io(uv_poll_t *poll, int status, int events);

bool master_link_send(struct master_link *link)
{
	while (link->out.length) {
		ssize_t sent = send(link->fd, link->out.data, link->out.length,
			MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			break;
		text_consume(&link->out, (size_t)sent);
	}
	if (link->out.length && errno != EAGAIN)
		return false;
	uv_poll_start(&link->poll,
		UV_READABLE | (link->out.length ? UV_WRITABLE : 0), on_io);
	return true;
}

/* An answer may end the connection: look again after each. */
static bool take_all(struct master *master)
{
	struct master_link *link;
	struct mux_reply reply;
	size_t length;

	while ((link = master->link) &&
		(length = mux_get(&reply, link->in.data, link->in.length))) {
		text_consume(&link->in, length);
		if (!master_take(master, &reply))
			return false;
	}
	return !link || reply.kind != MUX_NONSENSE;
}

/* False at its end. */
static bool receive(struct master_link *link)
{
	char buffer[16 * 1024];
	ssize_t got;

	do
		got = recv(link->fd, buffer, sizeof(buffer), 0);
	while (got < 0 && errno == EINTR);
	if (got > 0)
		text_append_bytes(&link->in, buffer, (size_t)got);
	return got > 0 || (got < 0 && errno == EAGAIN);
}

/* The process's end follows, and tells why. */
static void on_io(uv_poll_t *poll, int status, int events)
{
	struct master_link *link = poll->data;
	struct master *master = link->master;

	if (!master)
		return;
	if (status < 0 || ((events & UV_WRITABLE) && !master_link_send(link)) ||
		((events & UV_READABLE) && !receive(link)) ||
		!take_all(master)) {
		master_link_close(master);
		master_end(master);
	}
}

int master_link_connect(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd >= 0 &&
		connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

struct master_link *master_link_open(struct master *master, int fd)
{
	struct master_link *link = own_alloc(sizeof(*link));

	*link = (struct master_link){
		.master = master, .fd = fd, .in = TEXT_INIT, .out = TEXT_INIT};
	uv_poll_init(master->supervisor->loop, &link->poll, fd);
	link->poll.data = link;
	master->link = link;
	return link;
}
