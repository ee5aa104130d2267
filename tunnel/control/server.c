#include "tunnel/control/server.h"

#include "schema/base/json_line.h"
#include "tunnel/control/protocol.h"

#include <stdlib.h>
#include <string.h>

struct outgoing {
	uv_write_t request;
	char *line;
};

static void on_closed(uv_handle_t *handle)
{
	struct server_client *client = handle->data;

	text_release(&client->input);
	free(client);
}

static void drop(struct server_client *client)
{
	struct server *server = client->server;
	struct server_client **link = &server->clients;

	if (client->closing)
		return;
	client->closing = true;
	while (*link && *link != client)
		link = &(*link)->next;
	if (*link) {
		*link = client->next;
		server->count--;
	}
	if (server->handler.gone)
		server->handler.gone(client, server->handler.data);
	uv_close((uv_handle_t *)&client->pipe, on_closed);
}

static void on_written(uv_write_t *request, int status)
{
	struct outgoing *outgoing = request->data;
	struct server_client *client = request->handle->data;

	free(outgoing->line);
	free(outgoing);
	if (status < 0 && status != UV_ECANCELED)
		drop(client);
}

static void send_line(
	struct server_client *client, const char *line, size_t length)
{
	struct outgoing *outgoing;
	uv_buf_t buffer;

	if (client->closing)
		return;
	outgoing = own_alloc(sizeof(*outgoing));
	outgoing->line = own_strndup(line, length);
	outgoing->request.data = outgoing;
	buffer = uv_buf_init(outgoing->line, (unsigned)length);
	if (uv_write(&outgoing->request, (uv_stream_t *)&client->pipe, &buffer,
		    1, on_written) < 0) {
		free(outgoing->line);
		free(outgoing);
		drop(client);
	}
}

void server_send_line(struct server_client *client, const struct text *line)
{
	send_line(client, line->data, line->length);
}

void server_send(struct server_client *client, json_t *object)
{
	AUTO_FREE char *line = json_line(object);

	json_decref(object);
	send_line(client, line, strlen(line));
}

bool server_has_subscribers(const struct server *server)
{
	for (struct server_client *c = server->clients; c; c = c->next)
		if (c->subscribed)
			return true;
	return false;
}

bool server_has_staying(const struct server *server)
{
	for (struct server_client *c = server->clients; c; c = c->next)
		if (c->stays)
			return true;
	return false;
}

/* It asks and asks, or has subscribed, and does not read. */
static bool has_backlog(const struct server_client *client)
{
	return uv_stream_get_write_queue_size((
		       const uv_stream_t *)&client->pipe) > CONTROL_MAX_BACKLOG;
}

void server_broadcast(struct server *server, const struct text *line)
{
	struct server_client *next;

	for (struct server_client *c = server->clients; c; c = next) {
		next = c->next;
		if (!c->subscribed)
			continue;
		if (has_backlog(c))
			drop(c);
		else
			server_send_line(c, line);
	}
}

static void on_shutdown(uv_shutdown_t *request, int status)
{
	struct server_client *client = request->data;

	(void)status;
	free(request);
	drop(client);
}

void server_close(struct server_client *client)
{
	uv_shutdown_t *request;

	if (client->closing)
		return;
	uv_read_stop((uv_stream_t *)&client->pipe);
	request = own_alloc(sizeof(*request));
	request->data = client;
	if (uv_shutdown(request, (uv_stream_t *)&client->pipe, on_shutdown) <
		0) {
		free(request);
		drop(client);
	}
}

static void refuse(
	struct server_client *client, const char *code, const char *message)
{
	server_send(client, json_pack("{s:b, s:{s:s, s:s}}", "ok", 0, "error",
				    "code", code, "message", message));
	server_close(client);
}

static void refuse_length(struct server_client *client)
{
	refuse(client, "too-long", "a request is at most 1 MiB long");
}

static bool take_line(struct server_client *client, size_t length)
{
	struct server *server = client->server;
	json_error_t error;
	json_auto_t *request = json_loadb(
		client->input.data, length, JSON_REJECT_DUPLICATES, &error);

	if (has_backlog(client)) {
		drop(client);
		return false;
	}
	text_consume(&client->input, length + 1);
	if (!json_is_object(request)) {
		refuse(client, "syntax",
			"a request is one JSON object on one line");
		return false;
	}
	server->handler.request(client, request, server->handler.data);
	return !client->closing;
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
	struct server_client *client = handle->data;

	(void)suggested;
	text_reserve(&client->input, 4096);
	*buffer = uv_buf_init(client->input.data + client->input.length, 4096);
}

static void on_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *buffer)
{
	struct server_client *client = stream->data;
	size_t seen = client->input.length;
	char *newline;

	(void)buffer;
	if (got == 0)
		return;
	if (got < 0) {
		drop(client);
		return;
	}
	client->input.length += (size_t)got;
	client->input.data[client->input.length] = '\0';
	while ((newline = memchr(client->input.data + seen, '\n',
			client->input.length - seen))) {
		size_t length = (size_t)(newline - client->input.data);

		if (length > CONTROL_MAX_REQUEST) {
			refuse_length(client);
			return;
		}
		if (!take_line(client, length))
			return;
		seen = 0;
	}
	if (client->input.length > CONTROL_MAX_REQUEST)
		refuse_length(client);
	else if (!client->input.length)
		text_release(&client->input);
}

static void on_connection(uv_stream_t *stream, int status)
{
	struct server *server = stream->data;
	struct server_client *client;
	uv_os_fd_t fd;

	if (status < 0)
		return;
	client = own_alloc(sizeof(*client));
	client->server = server;
	client->serial = ++server->serials;
	client->input = (struct text)TEXT_INIT;
	uv_pipe_init(server->loop, &client->pipe, 0);
	client->pipe.data = client;
	if (uv_accept(stream, (uv_stream_t *)&client->pipe) < 0) {
		client->closing = true;
		uv_close((uv_handle_t *)&client->pipe, on_closed);
		return;
	}
	client->next = server->clients;
	server->clients = client;
	server->count++;
	if (uv_fileno((uv_handle_t *)&client->pipe, &fd) < 0 ||
		!control_peer_is_us(fd)) {
		refuse(client, "forbidden",
			"this supervisor belongs to another user");
		return;
	}
	if (server->count > CONTROL_MAX_CLIENTS) {
		refuse(client, "busy", "too many clients");
		return;
	}
	server_send(client, json_incref(server->hello));
	if (!client->closing)
		uv_read_start((uv_stream_t *)&client->pipe, on_alloc, on_read);
}

static void free_pipe(uv_handle_t *handle)
{
	free(handle);
}

int server_listen_at(struct server *server, int fd)
{
	uv_pipe_t *pipe = own_alloc(sizeof(*pipe));
	int failed;

	uv_pipe_init(server->loop, pipe, 0);
	pipe->data = server;
	failed = uv_pipe_open(pipe, fd);
	if (!failed)
		failed = uv_listen((uv_stream_t *)pipe, 128, on_connection);
	if (failed) {
		uv_close((uv_handle_t *)pipe, free_pipe);
		return failed;
	}
	if (server->pipe)
		uv_close((uv_handle_t *)server->pipe, free_pipe);
	server->pipe = pipe;
	server->listening = true;
	return 0;
}

int server_start(struct server *server, uv_loop_t *loop, int fd, json_t *hello,
	struct server_handler handler)
{
	*server = (struct server){
		.loop = loop, .handler = handler, .hello = hello};
	return server_listen_at(server, fd);
}

void server_hush(struct server *server)
{
	if (!server->listening)
		return;
	server->listening = false;
	uv_close((uv_handle_t *)server->pipe, free_pipe);
	server->pipe = NULL;
	for (struct server_client *c = server->clients; c; c = c->next)
		if (!c->closing)
			uv_read_stop((uv_stream_t *)&c->pipe);
}

void server_stop(struct server *server)
{
	struct server_client *next;

	server_hush(server);
	for (struct server_client *c = server->clients; c; c = next) {
		next = c->next;
		server_close(c);
	}
	json_decref(server->hello);
	server->hello = NULL;
}
