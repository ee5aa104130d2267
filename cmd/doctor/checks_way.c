#include "cmd/doctor/checks.h"

#include "cmd/doctor/probe.h"
#include "cmd/output.h"
#include "tunnel/client.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	TOOL_MS = 5000,
	NAME_MS = 15000, /* a resolver that gives up takes its time */
	DIAL_MS = 5000,
	LOGIN_MS = 30000,
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

int check_dial(const char *host, unsigned port, struct text *banner)
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
static char *host_for_ssh(struct patient *patient)
{
	const struct bridge *bridge = patient->bridge;
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
	patient->port = bridge->ssh_port ? bridge->ssh_port
			: port           ? (unsigned)strtoul(port, NULL, 10)
					 : 22;
	patient->indirect = bridge->proxy_jump.count ||
			    (command && strcmp(command, "none") != 0) ||
			    (jump && strcmp(jump, "none") != 0);
	return name ? name : own_strdup(host);
}

enum verdict check_name(
	struct patient *patient, struct text *found, struct text *mend)
{
	AUTO_FREE char *name = host_for_ssh(patient);
	const char *argv[] = {"getent", "ahosts", name, NULL};
	AUTO(probe) probe = PROBE_INIT;

	if (patient->indirect) {
		text_append(
			found, "resolved by the host it is reached through");
		return VERDICT_SKIPPED;
	}
	/* It comes from ssh_config, too, and is to be no option. */
	if (name[0] == '-') {
		text_format(found, "'%s' is no host's name", name);
		return VERDICT_FAILURE;
	}
	probe.argv = argv;
	probe.timeout_ms = NAME_MS;
	probe_run(&probe);
	if (probe.status || !probe.out.length) {
		text_format(found, "'%s' %s", name,
			probe.timed_out ? "was not resolved in time"
					: "does not resolve");
		text_append(mend, "correct host, or add it to DNS or "
				  "/etc/hosts");
		return VERDICT_FAILURE;
	}
	patient->address = own_strndup(
		probe.out.data, strcspn(probe.out.data, " \t\n"));
	if (strcmp(name, patient->address) != 0)
		text_format(found, "%s is ", name);
	text_append(found, patient->address);
	return VERDICT_OK;
}

/* Another bridge has been there, in vain: once is enough. */
static bool was_in_vain(
	const struct patient *patient, const char *way, struct text *found)
{
	const json_t *why = json_object_get(patient->ways, way);

	if (why)
		text_append(found, json_string_value(why));
	return why != NULL;
}

enum verdict check_connect(
	struct patient *patient, struct text *found, struct text *mend)
{
	AUTO(text) way = TEXT_INIT;
	AUTO(text) banner = TEXT_INIT;
	int error;

	if (patient->indirect) {
		text_append(found, "made by ssh, through another host");
		return VERDICT_SKIPPED;
	}
	text_format(&way, "%s port %u", patient->address, patient->port);
	if (was_in_vain(patient, way.data, found))
		return VERDICT_FAILURE;
	error = check_dial(patient->address, patient->port, &banner);
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
		mend, error == ECONNREFUSED
			      ? "start sshd there, or correct ssh_port"
			      : "look for a firewall or a ban (fail2ban), or "
				"correct host and ssh_port");
	json_object_set_new(patient->ways, way.data, json_string(found->data));
	return VERDICT_FAILURE;
}

/* ssh closes what it inherits: pins are found through this process. */
static int open_pins(const struct bridge *bridge, struct text *path)
{
	AUTO_FREE char *keys = ssh_known_hosts(bridge);
	size_t length = strlen(keys);
	int fd = memfd_create("bridge-pins", MFD_CLOEXEC);

	if (fd >= 0 && write(fd, keys, length) != (ssize_t)length) {
		close(fd);
		return -1;
	}
	text_format(path, "/proc/%d/fd/%d", getpid(), fd);
	return fd;
}

static bool run_ssh(const struct patient *patient, struct ssh_options options,
	const char *until, struct probe *probe)
{
	AUTO(diags) ignored = DIAGS_INIT;
	AUTO(text) pins = TEXT_INIT;
	AUTO_CLOSE int fd = -1;
	char **argv = NULL;

	if (patient->bridge->host_keys.count) {
		fd = open_pins(patient->bridge, &pins);
		options.known_hosts = pins.data;
	}
	if (!ssh_argv(&argv, patient->bridge, &options, &ignored))
		return false;
	probe->argv = (const char *const *)argv;
	probe->directory = patient->running->client.directory;
	probe->until = until;
	probe->timeout_ms = LOGIN_MS;
	probe_run(probe);
	ssh_argv_free(argv);
	probe->argv = NULL;
	return probe->started;
}

/* One ssh, as the supervisor would start it, that tells what it does. */
static void probe_way(struct patient *patient)
{
	static const char end[] = "remote forward success for";
	struct ssh_options options = {.probe = SSH_PROBE_FORWARD};

	if (patient->probed)
		return;
	patient->probed = true;
	for (int i = 0; i < 2; i++) {
		AUTO(probe) probe = PROBE_INIT;
		bool unknown = patient->story.key_unknown;

		run_ssh(patient, options, end, &probe);
		story_read(&patient->story,
			probe.err.length ? probe.err.data : "");
		patient->story.key_unknown |= unknown;
		if (!patient->story.key_unknown || options.accept_any_key)
			return;
		options.accept_any_key = true;
	}
}

static void append_pin(struct text *text, const struct patient *patient)
{
	text_format(text, "ssh-keyscan -p %u %s", patient->port,
		patient->address ? patient->address : patient->bridge->host);
}

enum verdict check_host_key(
	struct patient *patient, struct text *found, struct text *mend)
{
	const struct story *story = &patient->story;
	const struct bridge *bridge = patient->bridge;

	probe_way(patient);
	if (!story->key_seen) {
		text_append(found, *story->said ? story->said
						: "ssh ended before it came");
		text_append(mend, ssh_cause_advice(story->cause));
		return VERDICT_FAILURE;
	}
	text_append(found, story->fingerprint);
	if (bridge->host_keys.count &&
		(story->cause == SSH_HOST_KEY || story->key_unknown)) {
		text_append(found, " is none of host_keys");
		text_append(mend, "compare it with the server's own "
				  "(ssh-keygen -lf /etc/ssh/ssh_host_*.pub "
				  "there), then correct host_keys");
		return VERDICT_FAILURE;
	}
	if (story->key_changed) {
		size_t file = strcspn(story->offending, ":");

		text_format(found, ", but %s knows another",
			*story->offending ? story->offending : "known_hosts");
		text_format(mend, "if that is meant: ssh-keygen -R ");
		text_format(mend, patient->port == 22 ? "%s" : "'[%s]:%u'",
			bridge->host, patient->port);
		if (*story->offending)
			text_format(
				mend, " -f %.*s", (int)file, story->offending);
		return VERDICT_FAILURE;
	}
	if (story->key_unknown) {
		text_append(found, " is not known yet; the first connection "
				   "accepts it");
		text_append(mend, "compare it, and pin it in host_keys: ");
		append_pin(mend, patient);
		return VERDICT_WARNING;
	}
	text_append(found, bridge->host_keys.count ? ", pinned" : ", known");
	return VERDICT_OK;
}

enum verdict check_login(
	struct patient *patient, struct text *found, struct text *mend)
{
	const struct story *story = &patient->story;
	const struct bridge *bridge = patient->bridge;

	if (story->authenticated) {
		text_format(found, "%s, with the key", bridge->ssh_user);
		if (story->options_seen)
			text_format(found, " (%s)",
				*story->options ? story->options
						: "which permits nothing");
		return VERDICT_OK;
	}
	text_append(found,
		*story->said ? story->said : "ssh did not get as far in time");
	if (story->cause == SSH_AUTH)
		text_format(mend, "ssh-copy-id -i %s -p %u %s@%s",
			bridge->ssh_key, patient->port, bridge->ssh_user,
			bridge->host);
	else
		text_append(mend, ssh_cause_advice(story->cause));
	return VERDICT_FAILURE;
}

static bool is_loopback(const char *bind)
{
	return !strncmp(bind, "127.", 4) || !strcmp(bind, "::1") ||
	       !strcmp(bind, "[::1]") || !strcmp(bind, "localhost");
}

static bool is_connected(const struct patient *patient)
{
	const char *state = json_string_value(
		json_object_get(patient->status, "state"));

	return state &&
	       (!strcmp(state, "connected") || !strcmp(state, "degraded"));
}

static enum verdict refused(
	struct patient *patient, struct text *found, struct text *mend)
{
	const struct story *story = &patient->story;

	if (!story->forbidden) {
		text_append(found, " is taken there, by a session that has "
				   "died or by another program");
		text_format(mend,
			"there: ss -tlnp 'sport = :%u' shows whose it is; "
			"ClientAliveInterval 15 in sshd_config ends dead "
			"sessions",
			patient->bridge->remote_port);
		return VERDICT_FAILURE;
	}
	text_format(found, " is not permitted: %s", story->refusal);
	if (story->options_seen && !strstr(story->options, "port-forwarding"))
		text_append(mend, "in authorized_keys, add port-forwarding to "
				  "the key's options");
	else if (story->options_seen && strstr(story->options, "permitlisten"))
		text_format(mend, "in authorized_keys, permitlisten=\"%s:%u\"",
			patient->bridge->remote_bind,
			patient->bridge->remote_port);
	else
		text_append(mend, "in sshd_config, AllowTcpForwarding yes (or "
				  "remote), and PermitListen; ports below "
				  "1024 are root's");
	return VERDICT_FAILURE;
}

enum verdict check_forward(
	struct patient *patient, struct text *found, struct text *mend)
{
	const struct story *story = &patient->story;
	const struct bridge *bridge = patient->bridge;

	text_format(found, "%s:%u", bridge->remote_bind, bridge->remote_port);
	if (story->forward_refused && !story->forbidden &&
		is_connected(patient)) {
		text_append(found, " is held by the bridge itself");
		return VERDICT_OK;
	}
	if (story->forward_refused || story->forbidden)
		return refused(patient, found, mend);
	if (!story->forwarded) {
		text_append(found, ": no answer from the server");
		return VERDICT_FAILURE;
	}
	text_append(found, " can be bound");
	if (is_loopback(bridge->remote_bind))
		return VERDICT_OK;
	text_append(found, "; with GatewayPorts no the server takes loopback "
			   "instead, and does not say so");
	text_append(mend, "in sshd_config, GatewayPorts clientspecified");
	return VERDICT_WARNING;
}

/*
 * A key that is bound to a command would run that instead of ours: it is asked
 * only when its options are known. The words are fixed, for the shell there.
 */
enum verdict check_alive(
	struct patient *patient, struct text *found, struct text *mend)
{
	static const char command[] =
		"/usr/sbin/sshd -T 2>/dev/null || cat /etc/ssh/sshd_config "
		"/etc/ssh/sshd_config.d/*.conf 2>/dev/null; "
		"if test -S /run/fail2ban/fail2ban.sock; then "
		"echo bridge-fail2ban yes; fi";
	struct ssh_options options = {.probe = SSH_PROBE_COMMAND,
		.command = command,
		.accept_any_key = patient->story.key_unknown};
	AUTO(probe) probe = PROBE_INIT;
	long interval;

	if (!patient->story.options_seen || patient->story.forced_command ||
		!run_ssh(patient, options, NULL, &probe) || !probe.out.length) {
		text_append(found, "its settings cannot be read with this key");
		return VERDICT_SKIPPED;
	}
	interval = story_setting(probe.out.data, "clientaliveinterval");
	text_format(
		found, "ClientAliveInterval %ld", interval > 0 ? interval : 0);
	if (interval <= 0) {
		text_append(found, ": a session whose network dies keeps the "
				   "port for hours");
		text_append(mend, "in sshd_config, ClientAliveInterval 15 and "
				  "ClientAliveCountMax 3");
	}
	if (strstr(probe.out.data, "bridge-fail2ban")) {
		text_append(found, "; fail2ban is at work");
		text_format(mend, "%sadd this machine to fail2ban's ignoreip",
			mend->length ? "; " : "");
	}
	return interval > 0 ? VERDICT_OK : VERDICT_WARNING;
}
