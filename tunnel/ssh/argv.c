#include "tunnel/ssh/argv.h"

#include "schema/base/text.h"
#include "tunnel/ssh/cause.h"
#include "tunnel/ssh/known_hosts.h"
#include "tunnel/ssh/proxy_command.h"

#include <stdlib.h>
#include <string.h>

struct vector {
	char **items;
	size_t count;
};

static void push(struct vector *vector, const char *argument)
{
	vector->items = own_realloc(
		vector->items, vector->count + 2, sizeof(char *));
	vector->items[vector->count++] = own_strdup(argument);
	vector->items[vector->count] = NULL;
}

static void push_option(struct vector *vector, const char *option)
{
	push(vector, "-o");
	push(vector, option);
}

/* [::1] for an address with colons, all else as it is. */
static void append_host(struct text *text, const char *host)
{
	if (strchr(host, ':') && host[0] != '[')
		text_format(text, "[%s]", host);
	else
		text_append(text, host);
}

/*
 * Always with the bind address: a bare `-R PORT` reports success when only
 * one of 127.0.0.1 and ::1 could be bound.
 */
static void push_forward(struct vector *vector, const struct bridge *bridge)
{
	AUTO(text) forward = TEXT_INIT;

	append_host(&forward, bridge->remote_bind);
	text_format(&forward, ":%u:", bridge->remote_port);
	if (bridge_leads_to_socket(bridge)) {
		text_append(&forward, bridge->local_host);
	} else {
		append_host(&forward, bridge->local_host);
		text_format(&forward, ":%u", bridge->local_port);
	}
	push(vector, "-R");
	push(vector, forward.data);
}

static void push_options(
	struct vector *vector, const char *const *options, size_t count)
{
	for (size_t i = 0; i < count; i++)
		push_option(vector, options[i]);
}

static void push_single(
	struct vector *vector, const struct ssh_options *options)
{
	static const char *const single[] = {
		"ExitOnForwardFailure=yes",
		/* a ControlMaster of the user's would take the forward over */
		"ControlMaster=no",
		"ControlPath=none",
	};

	push_options(vector, single, COUNT(single));
	if (options->old_ssh || options->probe == SSH_PROBE_FORWARD) {
		push_option(vector, "LogLevel=DEBUG1");
		return;
	}
	push_option(vector, "LogLevel=INFO");
	push_option(vector, "LogVerbose=*:ssh_confirm_remote_forward():*,"
			    "*:ssh_packet_read_poll_seqnr():*");
}

/*
 * Forwards of the user's ssh_config are not asked for; the next to come are
 * asked for over the socket, whose place in the way would have to be free.
 */
static void push_master(
	struct vector *vector, const struct ssh_options *options)
{
	static const char *const master[] = {
		"ControlMaster=yes",
		"ClearAllForwardings=yes",
		"StreamLocalBindUnlink=yes",
	};

	push_options(vector, master, COUNT(master));
	push(vector, "-S");
	push(vector, options->master_socket);
	if (options->old_ssh) {
		push_option(vector, "LogLevel=DEBUG3");
		return;
	}
	push_option(vector, "LogLevel=INFO");
	push_option(vector, "LogVerbose=*:muxserver_listen():*");
}

static void push_fixed(struct vector *vector, const struct ssh_options *options)
{
	static const char *const fixed[] = {
		"BatchMode=yes",
		"IdentitiesOnly=yes",
		"ControlPersist=no",
		"ConnectTimeout=10",
		"ServerAliveInterval=15",
		"ServerAliveCountMax=3",
	};

	push(vector, "ssh");
	if (options->probe != SSH_PROBE_COMMAND)
		push(vector, "-N");
	push(vector, "-T");
	push_options(vector, fixed, COUNT(fixed));
	if (options->master_socket)
		push_master(vector, options);
	else
		push_single(vector, options);
}

static void push_host_keys(struct vector *vector, const struct bridge *bridge,
	const struct ssh_options *options)
{
	AUTO(text) file = TEXT_INIT;

	if (bridge->host_keys.count) {
		const char *const *pin = known_hosts_pin_options(
			options->old_ssh);

		for (; *pin; pin++)
			push_option(vector, *pin);
		text_format(
			&file, "UserKnownHostsFile=%s", options->known_hosts);
		push_option(vector, file.data);
		return;
	}
	/* A probe writes nothing: what is new is an error, or forgotten. */
	if (options->probe && options->accept_any_key) {
		push_option(vector, "StrictHostKeyChecking=accept-new");
		push_option(vector, "UserKnownHostsFile=/dev/null");
		return;
	}
	/*
	 * New keys go to the first file: ours, so that nothing accepted
	 * unseen ends up among the keys a person has checked. Relative to
	 * the state directory, where ssh is started.
	 */
	push_option(vector, options->probe
				    ? "StrictHostKeyChecking=yes"
				    : "StrictHostKeyChecking=accept-new");
	if (options->probe)
		push_option(vector, "UpdateHostKeys=no");
	push_option(vector, "UserKnownHostsFile=.known_hosts "
			    "~/.ssh/known_hosts ~/.ssh/known_hosts2");
}

const char *ssh_health_host(const struct bridge *bridge)
{
	return bridge->remote_bind[0] == '*' ? "127.0.0.1"
					     : bridge->remote_bind;
}

static void push_way(struct vector *vector, const struct bridge *bridge,
	const struct ssh_options *options)
{
	AUTO(text) value = TEXT_INIT;

	push(vector, "-i");
	push(vector, bridge->ssh_key);
	if (bridge->ssh_port) {
		text_format(&value, "%u", bridge->ssh_port);
		push(vector, "-p");
		push(vector, value.data);
		text_clear(&value);
	}
	if (bridge->proxy_jump.count) {
		AUTO_FREE char *jump = proxy_command_option(bridge, options);

		push_option(vector, jump);
	}
	if (options->health_socket) {
		text_format(&value, "%s:", options->health_socket);
		append_host(&value, ssh_health_host(bridge));
		text_format(&value, ":%u", bridge->remote_port);
		push_option(vector, "StreamLocalBindUnlink=yes");
		push(vector, "-L");
		push(vector, value.data);
	}
}

bool ssh_argv(char ***argv, const struct bridge *bridge,
	const struct ssh_options *options, struct diags *diags)
{
	struct vector vector = {.items = NULL};
	AUTO(text) destination = TEXT_INIT;
	const char *host = bridge->host;
	size_t length;

	if (!bridge_check(bridge, diags))
		return false;
	if (known_hosts_has_pins(bridge) && !options->known_hosts)
		return diag_error(diags, NULL, RULE_BRIDGE_UNSAFE,
			"bridge '%s' has host keys, and no file for them",
			bridge->name);
	push_fixed(&vector, options);
	push_host_keys(&vector, bridge, options);
	if (!options->master_socket && options->probe != SSH_PROBE_COMMAND)
		push_forward(&vector, bridge);
	push_way(&vector, bridge, options);
	push(&vector, "--");
	/* ssh takes user@::1 without brackets and does not take [::1]. */
	length = strlen(host);
	if (host[0] == '[' && host[length - 1] == ']')
		text_format(&destination, "%s@%.*s", bridge->ssh_user,
			(int)length - 2, host + 1);
	else
		text_format(&destination, "%s@%s", bridge->ssh_user, host);
	push(&vector, destination.data);
	if (options->probe == SSH_PROBE_COMMAND)
		push(&vector, options->command);
	*argv = vector.items;
	return true;
}

void ssh_argv_free(char **argv)
{
	for (size_t i = 0; argv && argv[i]; i++)
		free(argv[i]);
	free(argv);
}

static void append_bare_host(struct text *text, const char *host)
{
	size_t length = strlen(host);

	if (host[0] == '[' && host[length - 1] == ']')
		text_append_bytes(text, host + 1, length - 2);
	else
		text_append(text, host);
}

char *ssh_confirmation(const struct bridge *bridge)
{
	AUTO(text) text = TEXT_INIT;

	text_append(&text, "remote forward success for: listen ");
	append_bare_host(&text, bridge->remote_bind);
	text_format(&text, ":%u, connect ", bridge->remote_port);
	append_bare_host(&text, bridge->local_host);
	if (!bridge_leads_to_socket(bridge))
		text_format(&text, ":%u", bridge->local_port);
	return text_detach(&text);
}
