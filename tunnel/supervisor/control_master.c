#include "tunnel/supervisor/control_master.h"

#include "schema/base/json_line.h"
#include "tunnel/ssh/argv.h"
#include "tunnel/ssh/known_hosts.h"
#include "tunnel/ssh/mux_client.h"
#include "tunnel/ssh/mux_forward.h"
#include "tunnel/ssh/options.h"
#include "tunnel/state/state_dir.h"
#include "tunnel/supervisor/connect_queue.h"
#include "tunnel/supervisor/registry.h"
#include "tunnel/supervisor/ssh_files.h"
#include "tunnel/supervisor/stale_request.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ssh's own debug line, once it listens; before, there is no socket. */
static const char listening[] = "mux listener channel";

/* Whose answer nobody waits for. */
enum { NO_REQUEST = 0 };

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
	append_strings(&key, &bridge->jump_host_keys);
	append_strings(&key, &bridge->jump_ssh_keys);
	return text_detach(&key);
}

struct control_master *control_master_find(const struct tunnel *tunnel)
{
	AUTO_FREE char *key = way(&tunnel->bridge);
	struct control_master *master = tunnel->supervisor->masters;

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

static void master_end(struct control_master *master)
{
	master->ending = true;
	process_stop(master->process);
}

static void leave_and_end(
	struct tunnel *tunnel, enum ssh_cause cause, const char *said)
{
	struct control_master *master = tunnel->master;

	detach(tunnel);
	if (!master->tunnels)
		master_end(master);
	tunnel->supervisor->attempt.ended(tunnel, cause, said);
}

/* Requests are answered one after another: does one wait for the far end? */
static bool is_opening(const struct control_master *master)
{
	if (master->orphans)
		return true;
	for (const struct tunnel *tunnel = master->tunnels; tunnel;
		tunnel = tunnel->next_on_master)
		if (tunnel->place == PLACE_OPENING)
			return true;
	return false;
}

static void on_deadline(uv_timer_t *timer)
{
	struct tunnel *tunnel = timer->data;
	struct control_master *master = tunnel->master;

	if (!master)
		return;
	/*
	 * It has been told to take the forward back, and will when it comes to
	 * it: others are not cut off for a link that stalls.
	 */
	if (tunnel->place == PLACE_CLOSING && is_opening(master) &&
		(tunnel->next_on_master || master->tunnels != tunnel)) {
		leave_and_end(tunnel, SSH_UNKNOWN, NULL);
		return;
	}
	/* It answers nobody any more. */
	kill(master->process->pid, SIGKILL);
}

static void ask(struct tunnel *tunnel, bool to_open, uint64_t deadline_ms)
{
	struct mux_client *link = tunnel->master->link;
	const struct bridge *bridge = &tunnel->bridge;
	struct mux_forward forward = mux_forward_of(bridge);
	AUTO(text) path = TEXT_INIT;

	if (!++link->requests)
		link->requests = 1;
	tunnel->request = link->requests;
	tunnel->place = to_open ? PLACE_OPENING : PLACE_CLOSING;
	if (bridge_checks_remotely(bridge)) {
		struct mux_forward health = mux_forward_for_health(
			bridge, &path);

		/*
		 * Requests are taken in their order: once the forward is
		 * confirmed, the way for its checks is there, too.
		 */
		if (to_open)
			unlinkat(tunnel->supervisor->directory, path.data, 0);
		(to_open ? mux_put_open : mux_put_close)(
			&link->out, NO_REQUEST, &health);
	}
	(to_open ? mux_put_open : mux_put_close)(
		&link->out, tunnel->request, &forward);
	uv_timer_start(&tunnel->timer, on_deadline, deadline_ms, 0);
	if (!mux_client_send(link))
		process_stop(tunnel->master->process);
}

/* Where two forwards are equal ssh would say yes to the second, too. */
static const struct bridge *find_same(
	const struct control_master *master, const struct bridge *bridge)
{
	for (const struct tunnel *other = master->tunnels; other;
		other = other->next_on_master)
		if (other->place != PLACE_CLOSING &&
			other->bridge.remote_port == bridge->remote_port &&
			!strcmp(other->bridge.remote_bind, bridge->remote_bind))
			return &other->bridge;
	return stale_request_find(master, bridge);
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
	master_end(tunnel->master);
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
		stale_request_close_health(tunnel->master, &tunnel->bridge);
		cause = ssh_classify(reply->reason);
		leave_and_end(tunnel,
			cause == SSH_UNKNOWN ? SSH_PORT_IN_USE : cause,
			reply->reason);
		return;
	}
	tunnel->place = PLACE_OPEN;
	if (tunnel->state == STATE_STOPPING) {
		tunnel->confirmed = true;
		control_master_leave(tunnel);
		return;
	}
	tunnel->supervisor->attempt.confirmed(tunnel);
}

static void greet(struct control_master *master)
{
	master->speaking = true;
	for (struct tunnel *tunnel = master->tunnels; tunnel && master->link;
		tunnel = tunnel->next_on_master)
		if (tunnel->place == PLACE_WAITING)
			ask(tunnel, true, PROCESS_HANDSHAKE_MS);
}

static bool on_reply(const struct mux_reply *reply, void *data)
{
	struct control_master *master = data;
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
		else
			stale_request_answered(master, reply);
		return true;
	case MUX_NOTHING:
	case MUX_OTHER:
		return true;
	case MUX_NONSENSE:
		break;
	}
	return false;
}

static void close_link(struct control_master *master)
{
	struct mux_client *link = master->link;

	master->link = NULL;
	master->speaking = false;
	mux_client_close(link);
}

/* The process's end follows, and tells why. */
static void on_broken(void *data)
{
	struct control_master *master = data;

	close_link(master);
	master_end(master);
}

static void open_link(struct control_master *master, int fd)
{
	const struct mux_client_handler handler = {
		.take = on_reply, .broken = on_broken, .data = master};

	master->link = mux_client_open(master->supervisor->loop, fd, handler);
}

static void on_listening(struct process *process, void *data)
{
	struct control_master *master = data;
	int fd = mux_client_connect(master->socket);

	(void)process;
	if (fd < 0) {
		master_end(master);
		return;
	}
	open_link(master, fd);
	mux_put_hello(&master->link->out);
	if (!mux_client_send(master->link))
		master_end(master);
	/* The next handshake may begin. */
	connect_queue_dispatch(master->supervisor);
}

static void release_master(struct control_master *master)
{
	const struct supervisor *supervisor = master->supervisor;

	close_link(master);
	unlinkat(supervisor->directory, master->socket, 0);
	if (*master->hosts)
		unlinkat(supervisor->directory, master->hosts, 0);
	stale_request_release_all(master);
	bridge_release(&master->bridge);
	free(master->key);
	free(master);
}

/* All that were on it have lost it, or waited for this. */
static void on_ended(struct process *process, void *data)
{
	struct control_master *master = data;
	struct supervisor *supervisor = master->supervisor;
	struct control_master **at = &supervisor->masters;
	bool again = ssh_files_is_old_ssh(supervisor, process);

	while (*at != master)
		at = &(*at)->next;
	*at = master->next;
	while (master->tunnels) {
		struct tunnel *tunnel = master->tunnels;

		detach(tunnel);
		if (again && tunnel->state != STATE_STOPPING)
			connect_queue_add(tunnel);
		else
			supervisor->attempt.ended(
				tunnel, process->cause, process->said);
	}
	release_master(master);
}

static char *start_process(struct control_master *master, enum ssh_cause *cause)
{
	const struct supervisor *supervisor = master->supervisor;
	const struct process_handler handler = {
		.confirmed = on_listening, .ended = on_ended, .data = master};
	struct ssh_options options = {.old_ssh = supervisor->old_ssh,
		.master_socket = master->socket};
	AUTO(diags) diags = DIAGS_INIT;
	char **argv = NULL;
	char *why = NULL;

	if (known_hosts_has_pins(&master->bridge)) {
		options.known_hosts = master->hosts;
		if (!ssh_files_write_hosts(
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
	struct control_master *master = own_alloc(sizeof(*master));
	unsigned long number = ++supervisor->master_names;
	char *why;

	master->supervisor = supervisor;
	master->key = way(&tunnel->bridge);
	stale_request_copy_bridge(&master->bridge, &tunnel->bridge);
	snprintf(master->socket, sizeof(master->socket), STATE_MASTER "%lu",
		number);
	if (known_hosts_has_pins(&tunnel->bridge))
		snprintf(master->hosts, sizeof(master->hosts),
			STATE_MASTER "%lu.hosts", number);
	why = start_process(master, cause);
	if (why) {
		release_master(master);
		return why;
	}
	master->next = supervisor->masters;
	supervisor->masters = master;
	return NULL;
}

static void attach(struct control_master *master, struct tunnel *tunnel)
{
	tunnel->master = master;
	tunnel->place = PLACE_WAITING;
	tunnel->next_on_master = master->tunnels;
	master->tunnels = tunnel;
}

/* What was asked for before and given up is this tunnel's now. */
static bool adopt(struct control_master *master, struct tunnel *tunnel)
{
	uint32_t request = stale_request_take(master, &tunnel->bridge);

	if (!request)
		return false;
	attach(master, tunnel);
	tunnel->place = PLACE_OPENING;
	tunnel->request = request;
	uv_timer_start(&tunnel->timer, on_deadline, PROCESS_HANDSHAKE_MS, 0);
	return true;
}

char *control_master_join(struct tunnel *tunnel, enum ssh_cause *cause)
{
	struct control_master *master = control_master_find(tunnel);
	const struct bridge *same;
	char *why = NULL;

	if (!master) {
		why = create(tunnel, cause);
		master = tunnel->supervisor->masters;
	}
	if (why)
		return why;
	if (adopt(master, tunnel))
		return NULL;
	same = find_same(master, &tunnel->bridge);
	if (same) {
		AUTO(text) message = TEXT_INIT;

		*cause = SSH_PORT_IN_USE;
		text_format(&message, "bridge '%s' listens on port %u there",
			same->name, tunnel->bridge.remote_port);
		return text_detach(&message);
	}
	attach(master, tunnel);
	if (master->speaking)
		ask(tunnel, true, PROCESS_HANDSHAKE_MS);
	return NULL;
}

bool control_master_leave(struct tunnel *tunnel)
{
	struct control_master *master = tunnel->master;
	bool last = master->tunnels == tunnel && !tunnel->next_on_master;

	switch (tunnel->place) {
	case PLACE_NONE:
	case PLACE_CLOSING:
		return true;
	case PLACE_OPENING:
		/* The far end may take its time to answer. */
		if (!last) {
			stale_request_add(master, tunnel);
			detach(tunnel);
			return false;
		}
		break;
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
	master_end(master);
	return true;
}

int control_master_fd(const struct control_master *master)
{
	return master->link ? master->link->fd : -1;
}

json_t *control_master_save(const struct control_master *master)
{
	const struct mux_client *link = master->link;
	json_t *open = json_object();
	json_t *saved;

	for (const struct tunnel *tunnel = master->tunnels; tunnel;
		tunnel = tunnel->next_on_master) {
		if (tunnel->request || tunnel->place == PLACE_CLOSING)
			goto busy;
		json_object_set_new(open, tunnel->bridge.name,
			json_boolean(tunnel->place == PLACE_OPEN));
	}
	if (master->ending || master->process->stopping || master->orphans ||
		(link && (!master->speaking || link->in.length ||
				 link->out.length)))
		goto busy;
	saved = json_pack("{s:s, s:s, s:i, s:I, s:o}", "socket", master->socket,
		"hosts", master->hosts, "link", control_master_fd(master),
		"requests", (json_int_t)(link ? link->requests : 0), "open",
		open);
	json_object_set_new(
		saved, "definition", bridge_to_json(&master->bridge, false));
	json_object_set_new(saved, "process", process_save(master->process));
	return saved;
busy:
	json_decref(open);
	return NULL;
}

static void restore_text(
	char *to, size_t size, const json_t *saved, const char *key)
{
	snprintf(to, size, "%s", json_text_or(saved, key, ""));
}

static void restore_tunnels(struct control_master *master, const json_t *open)
{
	const char *name;
	json_t *is_open;

	json_object_foreach((json_t *)(uintptr_t)open, name, is_open)
	{
		struct tunnel *tunnel = registry_find(master->supervisor, name);

		if (!tunnel || tunnel->process || tunnel->master)
			continue;
		attach(master, tunnel);
		if (json_is_true(is_open))
			tunnel->place = PLACE_OPEN;
	}
}

void control_master_restore(struct supervisor *supervisor, const json_t *saved)
{
	const struct process_handler handler = {.confirmed = on_listening,
		.ended = on_ended,
		.data = own_alloc(sizeof(struct control_master))};
	struct control_master *master = handler.data;
	AUTO(diags) ignored = DIAGS_INIT;
	int fd = (int)json_integer_value(json_object_get(saved, "link"));
	const json_t *process = json_object_get(saved, "process");

	master->supervisor = supervisor;
	restore_text(master->socket, sizeof(master->socket), saved, "socket");
	restore_text(master->hosts, sizeof(master->hosts), saved, "hosts");
	if (bridge_from_json(&master->bridge,
		    json_object_get(saved, "definition"), &ignored))
		master->process = process_restore(
			&supervisor->processes, process, handler);
	else
		process_disown(process);
	if (!master->process) {
		release_master(master);
		return;
	}
	master->key = way(&master->bridge);
	master->next = supervisor->masters;
	supervisor->masters = master;
	restore_tunnels(master, json_object_get(saved, "open"));
	if (fd < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC))
		return;
	master->speaking = true;
	open_link(master, fd);
	master->link->requests = (uint32_t)json_integer_value(
		json_object_get(saved, "requests"));
	if (!mux_client_send(master->link))
		master_end(master);
}
