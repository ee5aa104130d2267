#include "cmd/doctor/check_route.h"

#include "cmd/doctor/check_ssh.h"
#include "cmd/doctor/run_probe.h"
#include "cmd/ui/output.h"
#include "tunnel/control/client.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	TOOL_MS = 5000,
	NAME_MS = 15000, /* a resolver that gives up takes its time */
	DIAL_MS = 5000,
	MAX_BANNER = 100,
};

/* "[::1]" is how the definition writes what the system calls "::1". */
static char *bare(const char *host)
{
	size_t length = strlen(host);

	if (host[0] == '[' && host[length - 1] == ']')
		return own_strndup(host + 1, length - 2);
	return own_strdup(host);
}

static int wait_for(int fd, short events, int64_t deadline)
{
	struct pollfd poll_fd = {fd, events, 0};
	int64_t left = deadline - client_now();
	int ready = poll(&poll_fd, 1, left > 0 ? (int)left : 0);

	return ready > 0 ? 0 : ready == 0 ? ETIMEDOUT : errno;
}

static int dial(const struct addrinfo *address, int64_t deadline, int *fd)
{
	int error = 0;
	socklen_t size = sizeof(error);

	*fd = socket(address->ai_family,
		SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (*fd < 0)
		return errno;
	if (!connect(*fd, address->ai_addr, address->ai_addrlen))
		return 0;
	if (errno != EINPROGRESS)
		return errno;
	error = wait_for(*fd, POLLOUT, deadline);
	if (!error && getsockopt(*fd, SOL_SOCKET, SO_ERROR, &error, &size))
		error = errno;
	return error;
}

/* The first line, as far as it comes. */
static void read_banner(int fd, int64_t deadline, struct text *banner)
{
	char buffer[MAX_BANNER];
	size_t length = 0;

	while (length < sizeof(buffer) && !wait_for(fd, POLLIN, deadline)) {
		ssize_t got = read(
			fd, buffer + length, sizeof(buffer) - length);

		if (got <= 0)
			break;
		length += (size_t)got;
		if (memchr(buffer, '\n', length))
			break;
	}
	for (size_t i = 0; i < length; i++)
		if (buffer[i] == '\r' || buffer[i] == '\n')
			length = i;
	text_append_visible(banner, buffer, length);
}

int check_route_dial(const char *host, unsigned port, struct text *banner)
{
	const struct addrinfo hints = {
		.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
	AUTO_FREE char *name = bare(host);
	AUTO(text) service = TEXT_INIT;
	int64_t deadline = client_now() + DIAL_MS;
	struct addrinfo *list;
	int error = EHOSTUNREACH;

	text_format(&service, "%u", port);
	if (getaddrinfo(name, service.data, &hints, &list))
		return EADDRNOTAVAIL;
	for (const struct addrinfo *at = list; at; at = at->ai_next) {
		AUTO_CLOSE int fd = -1;

		error = dial(at, deadline, &fd);
		if (error)
			continue;
		if (banner)
			read_banner(fd, deadline, banner);
		break;
	}
	freeaddrinfo(list);
	return error;
}

/* The value of a line of `ssh -G`; malloc'd, or NULL. */
static char *value_of(const struct text *out, const char *key)
{
	size_t length = strlen(key);
	const char *at = out->data;

	while (at && *at) {
		if (!strncmp(at, key, length) && at[length] == ' ')
			return own_strndup(at + length + 1,
				strcspn(at + length + 1, "\r\n"));
		at = strchr(at, '\n');
		at = at ? at + 1 : NULL;
	}
	return NULL;
}

/* What the user's ssh_config makes of the host: an alias, a proxy, a port. */
static char *host_for_ssh(struct subject *subject)
{
	const struct bridge *bridge = subject->bridge;
	AUTO_FREE char *host = bare(bridge->host);
	const char *argv[] = {"ssh", "-G", "--", host, NULL};
	AUTO(probe) probe = PROBE_INIT;
	AUTO_FREE char *port = NULL;
	AUTO_FREE char *command = NULL;
	AUTO_FREE char *jump = NULL;
	char *name;

	probe.argv = argv;
	probe.timeout_ms = TOOL_MS;
	probe_run(&probe);
	name = value_of(&probe.out, "hostname");
	port = value_of(&probe.out, "port");
	command = value_of(&probe.out, "proxycommand");
	jump = value_of(&probe.out, "proxyjump");
	subject->port = bridge->ssh_port ? bridge->ssh_port
			: port           ? (unsigned)strtoul(port, NULL, 10)
					 : 22;
	subject->indirect = bridge->proxy_jump.count ||
			    (command && strcmp(command, "none") != 0) ||
			    (jump && strcmp(jump, "none") != 0);
	return name ? name : own_strdup(host);
}

enum verdict check_route_name(
	struct subject *subject, struct text *found, struct text *fix)
{
	AUTO_FREE char *name = host_for_ssh(subject);
	const char *argv[] = {"getent", "ahosts", name, NULL};
	AUTO(probe) probe = PROBE_INIT;

	if (subject->indirect) {
		text_append(
			found, "resolved by the host it is reached through");
		return VERDICT_SKIPPED;
	}
	/* It comes from ssh_config, too, and is to be no option. */
	if (name[0] == '-') {
		text_format(found, "'%s' is no host's name", name);
		text_append(fix, "correct host, or HostName in ssh_config");
		return VERDICT_FAILURE;
	}
	probe.argv = argv;
	probe.timeout_ms = NAME_MS;
	probe_run(&probe);
	if (probe.status || !probe.out.length) {
		text_format(found, "'%s' %s", name,
			probe.timed_out ? "was not resolved in time"
					: "does not resolve");
		text_append(fix, "correct host, or add it to DNS or "
				 "/etc/hosts");
		return VERDICT_FAILURE;
	}
	subject->address = own_strndup(
		probe.out.data, strcspn(probe.out.data, " \t\n"));
	if (strcmp(name, subject->address) != 0)
		text_format(found, "%s is ", name);
	text_append(found, subject->address);
	return VERDICT_OK;
}

/* Another bridge has been there, in vain: once is enough. */
static bool was_in_vain(
	const struct subject *subject, const char *way, struct text *found)
{
	const json_t *why = json_object_get(subject->ways, way);

	if (why)
		text_append(found, json_string_value(why));
	return why != NULL;
}

/* ssh alone knows the way through other hosts: how far does it get? */
static enum verdict check_indirect(
	struct subject *subject, struct text *found, struct text *fix)
{
	const struct ssh_transcript *transcript = &subject->transcript;
	const struct strings *jumps = &subject->bridge->proxy_jump;

	check_ssh_probe(subject);
	if (transcript->key_seen || *transcript->jump_refused) {
		text_append(found, "made by ssh, through another host");
		return VERDICT_SKIPPED;
	}
	text_append(found, "through ");
	for (size_t i = 0; i < jumps->count; i++)
		text_format(found, "%s%s", i ? ", " : "", jumps->items[i]);
	text_format(found, "%s: %s",
		jumps->count ? "" : "another host (ssh_config)",
		*transcript->said ? transcript->said
				  : "ssh did not get as far in time");
	text_append(fix, *ssh_cause_advice(transcript->cause)
				 ? ssh_cause_advice(transcript->cause)
				 : "start sshd there, or correct host and "
				   "ssh_port, of the jump host, too");
	return VERDICT_FAILURE;
}

enum verdict check_route_connect(
	struct subject *subject, struct text *found, struct text *fix)
{
	AUTO(text) way = TEXT_INIT;
	AUTO(text) banner = TEXT_INIT;
	int error;

	if (subject->indirect)
		return check_indirect(subject, found, fix);
	text_format(&way, "%s port %u", subject->address, subject->port);
	if (was_in_vain(subject, way.data, found))
		return VERDICT_FAILURE;
	error = check_route_dial(subject->address, subject->port, &banner);
	if (!error && banner.length && !strncmp(banner.data, "SSH-", 4)) {
		text_format(found, "%s: %s", way.data, banner.data);
		return VERDICT_OK;
	}
	if (error)
		text_format(found, "%s: %s", way.data, strerror(error));
	else if (banner.length)
		text_format(found, "%s: no SSH server, it says '%s'", way.data,
			banner.data);
	else
		text_format(found, "%s: it accepts and says nothing", way.data);
	text_append(
		fix, error == ECONNREFUSED
			     ? "start sshd there, or correct ssh_port"
			     : "look for a firewall or a ban (fail2ban), or "
			       "correct host and ssh_port");
	json_object_set_new(subject->ways, way.data, json_string(found->data));
	return VERDICT_FAILURE;
}
