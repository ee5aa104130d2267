#include "tunnel/supervisor/control_master.h"

#include "schema/base/json_line.h"
#include "tunnel/ssh/mux_client.h"
#include "tunnel/ssh/mux_forward.h"
#include "tunnel/state/state_dir.h"
#include "tunnel/supervisor/attempt.h"
#include "tunnel/supervisor/connect_queue.h"
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

void master_end(struct master *master)
{
	master->ending = true;
	process_stop(master->process);
}

static void leave_and_end(
	struct tunnel *tunnel, enum ssh_cause cause, const char *said)
{
	struct master *master = tunnel->master;

	detach(tunnel);
	if (!master->tunnels)
		master_end(master);
	attempt_ended(tunnel, cause, said);
}

/* Requests are answered one after another: does one wait for the far end? */
static bool is_opening(const struct master *master)
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
	struct master *master = tunnel->master;

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
	struct master_link *link = tunnel->master->link;
	const struct bridge *bridge = &tunnel->bridge;
	struct mux_forward forward = forward_of(bridge);
	AUTO(text) path = TEXT_INIT;

	if (!++link->requests)
		link->requests = 1;
	tunnel->request = link->requests;
	tunnel->place = to_open ? PLACE_OPENING : PLACE_CLOSING;
	if (bridge_checks_remotely(bridge)) {
		struct mux_forward health = forward_for_health(bridge, &path);

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
	if (!master_link_send(link))
		process_stop(tunnel->master->process);
}

/* Where two forwards are equal ssh would say yes to the second, too. */
static const struct bridge *find_same(
	const struct master *master, const struct bridge *bridge)
{
	for (const struct tunnel *other = master->tunnels; other;
		other = other->next_on_master)
		if (other->place != PLACE_CLOSING &&
			other->bridge.remote_port == bridge->remote_port &&
			!strcmp(other->bridge.remote_bind, bridge->remote_bind))
			return &other->bridge;
	return orphan_find(master, bridge);
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

void master_close_health(struct master *master, const struct bridge *bridge)
{
	struct mux_forward health;
	AUTO(text) path = TEXT_INIT;

	if (!bridge_checks_remotely(bridge) || !master->link)
		return;
	health = forward_for_health(bridge, &path);
	mux_put_close(&master->link->out, NO_REQUEST, &health);
	if (!master_link_send(master->link))
		process_stop(master->process);
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
		master_close_health(tunnel->master, &tunnel->bridge);
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
bool master_take(struct master *master, const struct mux_reply *reply)
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
		else
			orphan_answered(master, reply);
		return true;
	case MUX_NOTHING:
	case MUX_OTHER:
		return true;
	case MUX_NONSENSE:
		break;
	}
	return false;
}

static void on_listening(struct process *process, void *data)
{
	struct master *master = data;
	int fd = master_link_connect(master->socket);
	struct master_link *link;

	(void)process;
	if (fd < 0) {
		master_end(master);
		return;
	}
	link = master_link_open(master, fd);
	mux_put_hello(&link->out);
	if (!master_link_send(link))
		master_end(master);
	/* The next handshake may begin. */
	queue_dispatch(master->supervisor);
}

static void release(struct master *master)
{
	const struct supervisor *supervisor = master->supervisor;

	master_link_close(master);
	unlinkat(supervisor->directory, master->socket, 0);
	if (*master->hosts)
		unlinkat(supervisor->directory, master->hosts, 0);
	orphan_release_all(master);
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
			queue_add(tunnel);
		else
			attempt_ended(tunnel, process->cause, process->said);
	}
	release(master);
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

	if (ssh_has_pins(&master->bridge)) {
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
	orphan_copy(&master->bridge, &tunnel->bridge);
	snprintf(master->socket, sizeof(master->socket), STATE_MASTER "%lu",
		number);
	if (ssh_has_pins(&tunnel->bridge))
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

static void attach(struct master *master, struct tunnel *tunnel)
{
	tunnel->master = master;
	tunnel->place = PLACE_WAITING;
	tunnel->next_on_master = master->tunnels;
	master->tunnels = tunnel;
}

/* What was asked for before and given up is this tunnel's now. */
static bool adopt(struct master *master, struct tunnel *tunnel)
{
	uint32_t request = orphan_take(master, &tunnel->bridge);

	if (!request)
		return false;
	attach(master, tunnel);
	tunnel->place = PLACE_OPENING;
	tunnel->request = request;
	uv_timer_start(&tunnel->timer, on_deadline, SSH_HANDSHAKE_MS, 0);
	return true;
}

char *master_join(struct tunnel *tunnel, enum ssh_cause *cause)
{
	struct master *master = master_find(tunnel);
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
		return true;
	case PLACE_OPENING:
		/* The far end may take its time to answer. */
		if (!last) {
			orphan_add(master, tunnel);
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

int master_fd(const struct master *master)
{
	return master->link ? master->link->fd : -1;
}

json_t *master_save(const struct master *master)
{
	const struct master_link *link = master->link;
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
		"hosts", master->hosts, "link", master_fd(master), "requests",
		(json_int_t)(link ? link->requests : 0), "open", open);
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
	const char *text = json_text(saved, key);

	snprintf(to, size, "%s", text ? text : "");
}

static void restore_tunnels(struct master *master, const json_t *open)
{
	const char *name;
	json_t *is_open;

	json_object_foreach((json_t *)(uintptr_t)open, name, is_open)
	{
		struct tunnel *tunnel = supervisor_find(
			master->supervisor, name);

		if (!tunnel || tunnel->process || tunnel->master)
			continue;
		attach(master, tunnel);
		if (json_is_true(is_open))
			tunnel->place = PLACE_OPEN;
	}
}

void master_restore(struct supervisor *supervisor, const json_t *saved)
{
	const struct process_handler handler = {.confirmed = on_listening,
		.ended = on_ended,
		.data = own_alloc(sizeof(struct master))};
	struct master *master = handler.data;
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
		release(master);
		return;
	}
	master->key = way(&master->bridge);
	master->next = supervisor->masters;
	supervisor->masters = master;
	restore_tunnels(master, json_object_get(saved, "open"));
	if (fd < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC))
		return;
	master->speaking = true;
	master_link_open(master, fd)->requests = (uint32_t)json_integer_value(
		json_object_get(saved, "requests"));
	if (!master_link_send(master->link))
		master_end(master);
}
