#include "tunnel/master.h"

#include "tunnel/attempt.h"
#include "tunnel/mux.h"
#include "tunnel/state.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* ssh's own debug line, once it listens; before, there is no socket. */
static const char listening[] = "mux listener channel";

/* Whose answer nobody waits for. */
enum { NO_REQUEST = 0 };

/* Our end of its socket. */
struct master_link {
	struct master *master; /* NULL once it has gone */
	int fd;
	uv_poll_t poll;
	struct text in, out;
	uint32_t requests; /* numbered so far */
};

static void append_strings(struct text *key, const struct strings *strings)
{
	for (size_t i = 0; i < strings->count; i++)
		text_format(key, "%s\n", strings->items[i]);
	text_append_char(key, '\n');
}

/* No value has a newline in it (bridge_check()). */
static char *way(const struct bridge *bridge)
{
	AUTO(text) key = TEXT_INIT;

	text_format(&key, "%s\n%s\n%u\n%s\n", bridge->ssh_user, bridge->host,
		bridge->ssh_port, bridge->ssh_key);
	append_strings(&key, &bridge->proxy_jump);
	append_strings(&key, &bridge->host_keys);
	return text_detach(&key);
}

struct master *master_find(const struct tunnel *tunnel)
{
	AUTO_FREE char *key = way(&tunnel->bridge);
	struct master *master = tunnel->supervisor->masters;

	while (master && (master->ending || strcmp(master->key, key) != 0))
		master = master->next;
	return master;
}

static void detach(struct tunnel *tunnel)
{
	struct tunnel **at = &tunnel->master->tunnels;

	while (*at != tunnel)
		at = &(*at)->next_on_master;
	*at = tunnel->next_on_master;
	tunnel->next_on_master = NULL;
	tunnel->master = NULL;
	tunnel->place = PLACE_NONE;
	tunnel->request = NO_REQUEST;
	uv_timer_stop(&tunnel->timer);
}

static void end(struct master *master)
{
	master->ending = true;
	process_stop(master->process);
}

static void on_link_closed(uv_handle_t *handle)
{
	struct master_link *link = handle->data;

	close(link->fd);
	text_release(&link->in);
	text_release(&link->out);
	free(link);
}

static void hang_up(struct master *master)
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

/* False when the connection is broken. */
static bool send_out(struct master_link *link)
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

static struct mux_forward remote_forward(const struct bridge *bridge)
{
	bool is_socket = bridge->local_host[0] == '/';

	return (struct mux_forward){
		.direction = MUX_REMOTE,
		.listen_host = bridge->remote_bind,
		.listen_port = bridge->remote_port,
		.connect_host = bridge->local_host,
		.connect_port = is_socket ? MUX_UNIX_SOCKET
					  : bridge->local_port,
	};
}

/* The way back for a health check from the remote end. */
static struct mux_forward health_forward(
	const struct bridge *bridge, struct text *path)
{
	text_format(path, "./.%s.health", bridge->name);
	return (struct mux_forward){
		.direction = MUX_LOCAL,
		.listen_host = path->data,
		.listen_port = MUX_UNIX_SOCKET,
		.connect_host = ssh_health_host(bridge),
		.connect_port = bridge->remote_port,
	};
}

static void on_deadline(uv_timer_t *timer)
{
	struct tunnel *tunnel = timer->data;

	/* It answers nobody any more. */
	if (tunnel->master)
		kill(tunnel->master->process->pid, SIGKILL);
}

static void ask(struct tunnel *tunnel, bool to_open, uint64_t deadline_ms)
{
	struct master_link *link = tunnel->master->link;
	const struct bridge *bridge = &tunnel->bridge;
	struct mux_forward forward = remote_forward(bridge);
	AUTO(text) path = TEXT_INIT;

	if (!++link->requests)
		link->requests = 1;
	tunnel->request = link->requests;
	tunnel->place = to_open ? PLACE_OPENING : PLACE_CLOSING;
	if (!to_open && bridge_checks_remotely(bridge)) {
		struct mux_forward health = health_forward(bridge, &path);

		mux_put_close(&link->out, NO_REQUEST, &health);
	}
	(to_open ? mux_put_open : mux_put_close)(
		&link->out, tunnel->request, &forward);
	uv_timer_start(&tunnel->timer, on_deadline, deadline_ms, 0);
	if (!send_out(link))
		process_stop(tunnel->master->process);
}

static void open_health(struct tunnel *tunnel)
{
	struct master_link *link = tunnel->master->link;
	struct mux_forward forward;
	AUTO(text) path = TEXT_INIT;

	if (!bridge_checks_remotely(&tunnel->bridge))
		return;
	forward = health_forward(&tunnel->bridge, &path);
	unlinkat(tunnel->supervisor->directory, path.data, 0);
	mux_put_open(&link->out, NO_REQUEST, &forward);
	send_out(link);
}

/* Where two forwards are equal ssh would say yes to the second, too. */
static const struct tunnel *find_same(
	const struct master *master, const struct bridge *bridge)
{
	for (const struct tunnel *other = master->tunnels; other;
		other = other->next_on_master)
		if (other->place != PLACE_CLOSING &&
			other->bridge.remote_port == bridge->remote_port &&
			!strcmp(other->bridge.remote_bind, bridge->remote_bind))
			return other;
	return NULL;
}

static void leave_and_end(
	struct tunnel *tunnel, enum ssh_cause cause, const char *said)
{
	struct master *master = tunnel->master;

	detach(tunnel);
	if (!master->tunnels)
		end(master);
	attempt_ended(tunnel, cause, said);
}

/* The last one waits for the end of the process as well. */
static void on_closed(struct tunnel *tunnel)
{
	if (tunnel->next_on_master || tunnel->master->tunnels != tunnel) {
		leave_and_end(tunnel, SSH_UNKNOWN, NULL);
		return;
	}
	uv_timer_stop(&tunnel->timer);
	tunnel->request = NO_REQUEST;
	end(tunnel->master);
}

static void on_answer(struct tunnel *tunnel, const struct mux_reply *reply)
{
	enum ssh_cause cause;

	tunnel->request = NO_REQUEST;
	uv_timer_stop(&tunnel->timer);
	if (tunnel->place == PLACE_CLOSING) {
		on_closed(tunnel);
		return;
	}
	if (reply->kind == MUX_REFUSED) {
		cause = ssh_classify(reply->reason);
		leave_and_end(tunnel,
			cause == SSH_UNKNOWN ? SSH_PORT_IN_USE : cause,
			reply->reason);
		return;
	}
	tunnel->place = PLACE_OPEN;
	if (tunnel->state == STATE_STOPPING) {
		tunnel->confirmed = true;
		master_leave(tunnel);
		return;
	}
	open_health(tunnel);
	attempt_confirmed(tunnel);
}

static void greet(struct master *master)
{
	master->speaking = true;
	for (struct tunnel *tunnel = master->tunnels; tunnel && master->link;
		tunnel = tunnel->next_on_master)
		if (tunnel->place == PLACE_WAITING)
			ask(tunnel, true, SSH_HANDSHAKE_MS);
}

/* False when it does not speak our protocol. */
static bool take(struct master *master, const struct mux_reply *reply)
{
	struct tunnel *tunnel = master->tunnels;

	switch (reply->kind) {
	case MUX_HELLO:
		if (reply->version != MUX_VERSION)
			return false;
		if (!master->speaking)
			greet(master);
		return true;
	case MUX_OK:
	case MUX_REFUSED:
		while (tunnel && (!reply->id || tunnel->request != reply->id))
			tunnel = tunnel->next_on_master;
		if (tunnel)
			on_answer(tunnel, reply);
		return true;
	case MUX_NOTHING:
	case MUX_OTHER:
		return true;
	case MUX_NONSENSE:
		break;
	}
	return false;
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
		if (!take(master, &reply))
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
	if (status < 0 || ((events & UV_WRITABLE) && !send_out(link)) ||
		((events & UV_READABLE) && !receive(link)) ||
		!take_all(master)) {
		hang_up(master);
		end(master);
	}
}

static int connect_to(const char *path)
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

static void on_listening(struct process *process, void *data)
{
	struct master *master = data;
	int fd = connect_to(master->socket);
	struct master_link *link;

	(void)process;
	if (fd < 0) {
		end(master);
		return;
	}
	link = own_alloc(sizeof(*link));
	*link = (struct master_link){
		.master = master, .fd = fd, .in = TEXT_INIT, .out = TEXT_INIT};
	uv_poll_init(master->supervisor->loop, &link->poll, fd);
	link->poll.data = link;
	master->link = link;
	mux_put_hello(&link->out);
	if (!send_out(link))
		end(master);
	/* The next handshake may begin. */
	supervisor_dispatch(master->supervisor);
}

static void release(struct master *master)
{
	const struct supervisor *supervisor = master->supervisor;

	hang_up(master);
	unlinkat(supervisor->directory, master->socket, 0);
	if (*master->hosts)
		unlinkat(supervisor->directory, master->hosts, 0);
	bridge_release(&master->bridge);
	free(master->key);
	free(master);
}

/* All that were on it have lost it, or waited for this. */
static void on_ended(struct process *process, void *data)
{
	struct master *master = data;
	struct supervisor *supervisor = master->supervisor;
	struct master **at = &supervisor->masters;
	bool again = attempt_is_old_ssh(supervisor, process);

	while (*at != master)
		at = &(*at)->next;
	*at = master->next;
	while (master->tunnels) {
		struct tunnel *tunnel = master->tunnels;

		detach(tunnel);
		if (again && tunnel->state != STATE_STOPPING)
			tunnel->queued = true;
		else
			attempt_ended(tunnel, process->cause, process->said);
	}
	release(master);
}

/* Only what makes the way: the rest is each tunnel's own. */
static void copy_way(struct bridge *to, const struct bridge *from)
{
	AUTO(diags) diags = DIAGS_INIT;
	json_auto_t *json = bridge_to_json(from, false);

	bridge_from_json(to, json, &diags);
}

static char *start_process(struct master *master, enum ssh_cause *cause)
{
	const struct supervisor *supervisor = master->supervisor;
	const struct process_handler handler = {
		.confirmed = on_listening, .ended = on_ended, .data = master};
	struct ssh_options options = {.old_ssh = supervisor->old_ssh,
		.master_socket = master->socket};
	AUTO(diags) diags = DIAGS_INIT;
	char **argv = NULL;
	char *why = NULL;

	if (master->bridge.host_keys.count) {
		options.known_hosts = master->hosts;
		if (!attempt_write_hosts(
			    supervisor, &master->bridge, master->hosts))
			return own_strdup(strerror(errno));
	}
	/* What a supervisor that was killed has left would be in the way. */
	unlinkat(supervisor->directory, master->socket, 0);
	if (!ssh_argv(&argv, &master->bridge, &options, &diags)) {
		*cause = SSH_CONFIG;
		return own_strdup(diags.list[0].message);
	}
	master->process = process_start(&master->supervisor->processes, argv,
		own_strdup(listening), handler, &why);
	ssh_argv_free(argv);
	return why;
}

static char *create(struct tunnel *tunnel, enum ssh_cause *cause)
{
	struct supervisor *supervisor = tunnel->supervisor;
	struct master *master = own_alloc(sizeof(*master));
	unsigned long number = ++supervisor->master_names;
	char *why;

	master->supervisor = supervisor;
	master->key = way(&tunnel->bridge);
	copy_way(&master->bridge, &tunnel->bridge);
	snprintf(master->socket, sizeof(master->socket), STATE_MASTER "%lu",
		number);
	if (tunnel->bridge.host_keys.count)
		snprintf(master->hosts, sizeof(master->hosts),
			STATE_MASTER "%lu.hosts", number);
	why = start_process(master, cause);
	if (why) {
		release(master);
		return why;
	}
	master->next = supervisor->masters;
	supervisor->masters = master;
	return NULL;
}

char *master_join(struct tunnel *tunnel, enum ssh_cause *cause)
{
	struct master *master = master_find(tunnel);
	const struct tunnel *same;
	char *why = NULL;

	if (!master) {
		why = create(tunnel, cause);
		master = tunnel->supervisor->masters;
	}
	if (why)
		return why;
	same = find_same(master, &tunnel->bridge);
	if (same) {
		AUTO(text) message = TEXT_INIT;

		*cause = SSH_PORT_IN_USE;
		text_format(&message, "bridge '%s' listens on port %u there",
			same->bridge.name, tunnel->bridge.remote_port);
		return text_detach(&message);
	}
	tunnel->master = master;
	tunnel->place = PLACE_WAITING;
	tunnel->next_on_master = master->tunnels;
	master->tunnels = tunnel;
	if (master->speaking)
		ask(tunnel, true, SSH_HANDSHAKE_MS);
	return NULL;
}

bool master_leave(struct tunnel *tunnel)
{
	struct master *master = tunnel->master;
	bool last = master->tunnels == tunnel && !tunnel->next_on_master;

	switch (tunnel->place) {
	case PLACE_NONE:
	case PLACE_CLOSING:
	case PLACE_OPENING: /* on_answer() sees that it is to stop */
		return true;
	case PLACE_WAITING:
		if (!last) {
			detach(tunnel);
			return false;
		}
		break;
	case PLACE_OPEN:
		if (!last && master->link) {
			ask(tunnel, false, PROCESS_KILL_MS);
			return true;
		}
		break;
	}
	tunnel->place = PLACE_CLOSING;
	end(master);
	return true;
}
