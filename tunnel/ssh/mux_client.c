#include "tunnel/ssh/mux_client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void on_closed(uv_handle_t *handle)
{
	struct mux_client *client = handle->data;

	close(client->fd);
	text_release(&client->in);
	text_release(&client->out);
	free(client);
}

void mux_client_close(struct mux_client *client)
{
	if (!client || client->closed)
		return;
	client->closed = true;
	uv_close((uv_handle_t *)&client->poll, on_closed);
}

static void on_io(uv_poll_t *poll, int status, int events);

bool mux_client_send(struct mux_client *client)
{
	while (client->out.length) {
		ssize_t sent = send(client->fd, client->out.data,
			client->out.length, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			break;
		text_consume(&client->out, (size_t)sent);
	}
	if (client->out.length && errno != EAGAIN)
		return false;
	uv_poll_start(&client->poll,
		UV_READABLE | (client->out.length ? UV_WRITABLE : 0), on_io);
	return true;
}

/* An answer may end the connection: look again after each. */
static bool take_all(struct mux_client *client)
{
	struct mux_reply reply = {.kind = MUX_NOTHING};
	size_t length;

	while (!client->closed && (length = mux_get(&reply, client->in.data,
					   client->in.length))) {
		text_consume(&client->in, length);
		if (!client->handler.take(&reply, client->handler.data))
			return false;
	}
	return client->closed || reply.kind != MUX_NONSENSE;
}

/* False at its end. */
static bool receive(struct mux_client *client)
{
	char buffer[16 * 1024];
	ssize_t got;

	do
		got = recv(client->fd, buffer, sizeof(buffer), 0);
	while (got < 0 && errno == EINTR);
	if (got > 0)
		text_append_bytes(&client->in, buffer, (size_t)got);
	return got > 0 || (got < 0 && errno == EAGAIN);
}

static void on_io(uv_poll_t *poll, int status, int events)
{
	struct mux_client *client = poll->data;

	if (client->closed)
		return;
	if (status < 0 ||
		((events & UV_WRITABLE) && !mux_client_send(client)) ||
		((events & UV_READABLE) && !receive(client)) ||
		!take_all(client)) {
		mux_client_close(client);
		client->handler.broken(client->handler.data);
	}
}

int mux_client_connect(const char *path)
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

struct mux_client *mux_client_open(
	uv_loop_t *loop, int fd, struct mux_client_handler handler)
{
	struct mux_client *client = own_alloc(sizeof(*client));

	*client = (struct mux_client){.handler = handler,
		.fd = fd,
		.in = TEXT_INIT,
		.out = TEXT_INIT};
	uv_poll_init(loop, &client->poll, fd);
	client->poll.data = client;
	return client;
}
