/*
 * The supervisor's end of the control socket: accepts clients, cuts their
 * bytes into requests, and sends what it is given. What a request means is
 * the handler's business.
 *
 * Every limit of protocol.h is kept here: a client that sends too long a line,
 * is another user, or does not read what it subscribed to, is told so (where
 * it still can be) and cut off, and nobody else notices.
 */
#ifndef TUNNEL_SERVER_H
#define TUNNEL_SERVER_H

#include "schema/base/text.h"

#include <jansson.h>
#include <stdbool.h>
#include <uv.h>

struct server;

struct server_client {
	struct server *server;
	struct server_client *next;
	unsigned long serial; /* no two of a server's have the same */
	uv_pipe_t pipe;
	struct text input;
	bool greeted; /* its hello was accepted */
	bool subscribed;
	bool stays; /* the supervisor is to stay while this one does */
	bool closing;
};

struct server_handler {
	/* The request is borrowed. */
	void (*request)(struct server_client *client, const json_t *request,
		void *data);
	/* The client is no more: forget its pointer. */
	void (*gone)(struct server_client *client, void *data);
	void *data;
};

struct server {
	uv_loop_t *loop;
	uv_pipe_t *pipe;
	struct server_client *clients;
	unsigned count;
	unsigned long serials; /* given so far */
	struct server_handler handler;
	json_t *hello; /* what every client is sent first */
	bool listening;
};

/* Takes over the listening descriptor and the hello. 0, or a libuv error. */
int server_start(struct server *server, uv_loop_t *loop, int fd, json_t *hello,
	struct server_handler handler);

/*
 * Listen at another socket, whose descriptor is taken over, instead; clients
 * that are connected stay. 0, or a libuv error.
 */
int server_listen_at(struct server *server, int fd);

/* Hear nobody any more, neither new clients nor those that are there. */
void server_hush(struct server *server);

/* The same, and close every client once its replies are out. */
void server_stop(struct server *server);

/* Send one object; takes the reference over. */
void server_send(struct server_client *client, json_t *object);

/* Send a line that is written already, with its newline. */
void server_send_line(struct server_client *client, const struct text *line);

/* The same to every subscriber. */
void server_broadcast(struct server *server, const struct text *line);

bool server_has_subscribers(const struct server *server);
bool server_has_staying(const struct server *server);

/* Close after everything sent so far is out. */
void server_close(struct server_client *client);

#endif
