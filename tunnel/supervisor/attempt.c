#include "tunnel/supervisor/attempt.h"

#include "tunnel/ssh/argv.h"
#include "tunnel/ssh/known_hosts.h"
#include "tunnel/ssh/options.h"
#include "tunnel/supervisor/connect_queue.h"
#include "tunnel/supervisor/control_master.h"
#include "tunnel/supervisor/ssh_files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void on_confirmed(struct process *process, void *data)
{
	struct tunnel *tunnel = data;

	(void)process;
	tunnel->supervisor->attempt.confirmed(tunnel);
}

static void on_ended(struct process *process, void *data)
{
	struct tunnel *tunnel = data;

	tunnel->process = NULL;
	if (tunnel->state != STATE_STOPPING &&
		ssh_files_is_old_ssh(tunnel->supervisor, process)) {
		connect_queue_add(tunnel);
		return;
	}
	tunnel->supervisor->attempt.ended(
		tunnel, process->cause, process->said);
}

bool attempt_restore(struct tunnel *tunnel, const json_t *process)
{
	const struct process_handler handler = {
		.confirmed = on_confirmed, .ended = on_ended, .data = tunnel};

	if (json_is_object(process))
		tunnel->process = process_restore(
			&tunnel->supervisor->processes, process, handler);
	return tunnel->process != NULL;
}

/* The files ssh is pointed at, in the state directory where it runs. */
static bool prepare(const struct tunnel *tunnel, struct text *hosts,
	struct text *socket, struct ssh_options *options)
{
	const struct bridge *bridge = &tunnel->bridge;

	options->old_ssh = tunnel->supervisor->old_ssh;
	if (bridge_checks_remotely(bridge)) {
		text_format(socket, "./.%s.health", bridge->name);
		options->health_socket = socket->data;
	}
	if (!known_hosts_has_pins(bridge))
		return true;
	text_format(hosts, ".%s.hosts", bridge->name);
	options->known_hosts = hosts->data;
	return ssh_files_write_hosts(tunnel->supervisor, bridge, hosts->data);
}

/* An ssh of its own. Why not is for people, malloc'd; NULL when it started. */
static char *start_process(struct tunnel *tunnel, enum ssh_cause *cause)
{
	const struct process_handler handler = {
		.confirmed = on_confirmed, .ended = on_ended, .data = tunnel};
	struct ssh_options options = {.old_ssh = false};
	AUTO(diags) diags = DIAGS_INIT;
	AUTO(text) hosts = TEXT_INIT;
	AUTO(text) socket = TEXT_INIT;
	char **argv = NULL;
	char *why = NULL;

	if (!prepare(tunnel, &hosts, &socket, &options))
		return own_strdup(strerror(errno));
	if (!ssh_argv(&argv, &tunnel->bridge, &options, &diags)) {
		*cause = SSH_CONFIG;
		return own_strdup(diags.list[0].message);
	}
	tunnel->process = process_start(&tunnel->supervisor->processes, argv,
		ssh_confirmation(&tunnel->bridge), handler, &why);
	ssh_argv_free(argv);
	return why;
}

char *attempt_start(struct tunnel *tunnel, enum ssh_cause *cause)
{
	char *why;

	tunnel->confirmed = false;
	why = tunnel->bridge.share_connection
		      ? control_master_join(tunnel, cause)
		      : start_process(tunnel, cause);
	if (!why)
		tunnel->attempts++;
	return why;
}

bool attempt_stop(struct tunnel *tunnel)
{
	if (tunnel->master)
		return control_master_leave(tunnel);
	if (!tunnel->process)
		return false;
	process_stop(tunnel->process);
	return true;
}
