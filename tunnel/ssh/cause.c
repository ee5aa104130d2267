#include "tunnel/ssh/cause.h"

#include "schema/base/alloc.h"

#include <stddef.h>
#include <string.h>

static const struct {
	const char *name;
	bool is_final;
	const char *advice;
} causes[] = {
	[SSH_AUTH] = {"auth", false,
		"add the key to the server's authorized_keys"},
	[SSH_HOST_KEY] = {"host-key", true,
		"compare the server's key with host_keys or known_hosts, then "
		"`bridge restart`"},
	[SSH_FORBIDDEN] = {"forbidden", false,
		"the server does not permit this forward: see "
		"AllowTcpForwarding and PermitListen in sshd_config, and the "
		"key's options in authorized_keys"},
	[SSH_PORT_IN_USE] = {"port-in-use", false,
		"the port may be held by a stale session (set "
		"ClientAliveInterval on the server), or forwarding is not "
		"permitted (AllowTcpForwarding, permitlisten)"},
	[SSH_NETWORK] = {"network", false, ""},
	[SSH_DNS] = {"dns", false, "check the host's name"},
	[SSH_THROTTLED] = {"throttled", false,
		"the server drops connections: MaxStartups, or a ban"},
	[SSH_DEAD_LINK] = {"dead-link", false, ""},
	[SSH_CLOSED] = {"closed", false, ""},
	[SSH_CONFIG] = {"config", true,
		"see the message; ssh refused its options"},
	[SSH_KEY_FILE] = {"key-file", true,
		"check ssh_key: it must be a private key that only you may "
		"read"},
	[SSH_TIMEOUT] = {"timeout", false, ""},
	[SSH_KILLED] = {"killed", false, ""},
	[SSH_NOT_STARTED] = {"not-started", true,
		"install OpenSSH's client: ssh must be in PATH"},
	[SSH_UNKNOWN] = {"unknown", false, ""},
};

const char *ssh_cause_name(enum ssh_cause cause)
{
	return causes[cause].name;
}

enum ssh_cause ssh_cause_find(const char *name)
{
	for (size_t i = 0; name && i < COUNT(causes); i++)
		if (!strcmp(causes[i].name, name))
			return (enum ssh_cause)i;
	return SSH_UNKNOWN;
}

bool ssh_cause_is_final(enum ssh_cause cause)
{
	return causes[cause].is_final;
}

const char *ssh_cause_advice(enum ssh_cause cause)
{
	return causes[cause].advice;
}

/* In the order in which they are tried on one line. */
static const struct {
	const char *part;
	enum ssh_cause cause;
} messages[] = {
	{"Host key verification failed", SSH_HOST_KEY},
	{"Remote: port forwarding refused", SSH_FORBIDDEN},
	{"Remote: Server has disabled port forwarding", SSH_FORBIDDEN},
	{"remote port forwarding failed for listen port", SSH_PORT_IN_USE},
	{"Too many authentication failures", SSH_AUTH},
	{"Permission denied (", SSH_AUTH},
	{"UNPROTECTED PRIVATE KEY FILE", SSH_KEY_FILE},
	{"invalid format", SSH_KEY_FILE},
	{"error in libcrypto", SSH_KEY_FILE},
	{"Identity file", SSH_KEY_FILE},
	{"Bad configuration option", SSH_CONFIG},
	{"Bad remote forwarding specification", SSH_CONFIG},
	{"Bad local forwarding specification", SSH_CONFIG},
	{"Bad remote forward", SSH_CONFIG},
	{"Bad owner or permissions", SSH_CONFIG},
	{"keyword ", SSH_UNKNOWN},
	{"Could not resolve hostname", SSH_DNS},
	/* A jump host's ssh -W; a forward of ours has another number. */
	{"channel 0: open failed: connect failed: Name or service not known",
		SSH_DNS},
	{"channel 0: open failed: connect failed: Temporary failure in name",
		SSH_DNS},
	{"channel 0: open failed: administratively prohibited", SSH_FORBIDDEN},
	{"kex_exchange_identification:", SSH_THROTTLED},
	{"Exceeded MaxStartups", SSH_THROTTLED},
	{"Not allowed at this time", SSH_THROTTLED},
	{"not responding.", SSH_DEAD_LINK},
	{"Connection refused", SSH_NETWORK},
	{"No route to host", SSH_NETWORK},
	{"Network is unreachable", SSH_NETWORK},
	{"timed out", SSH_NETWORK},
	{"closed by remote host", SSH_CLOSED},
	{"Connection closed by", SSH_CLOSED},
	{"Connection reset by", SSH_CLOSED},
	{"Broken pipe", SSH_CLOSED},
};

enum ssh_cause ssh_classify(const char *line)
{
	if (ssh_line_is_noise(line))
		return SSH_UNKNOWN;
	for (size_t i = 0; i < COUNT(messages); i++)
		if (strstr(line, messages[i].part))
			return messages[i].cause;
	return SSH_UNKNOWN;
}

/*
 * sshd's own word for why it refuses a forward. ssh's error does not have it:
 * it comes in an SSH_MSG_DEBUG (RFC 4253, 11.3), which ssh shows on its first
 * debug level.
 */
static bool is_refusal(const char *line)
{
	return strstr(line, "Remote: ") && strstr(line, "port forwarding") &&
	       !strstr(line, "key options");
}

bool ssh_line_is_noise(const char *line)
{
	return !*line || (!strncmp(line, "debug", 5) && !is_refusal(line)) ||
	       !strncmp(line, "Authenticated to", 16) ||
	       !strncmp(line, "OpenSSH_", 8) ||
	       !strncmp(line, "Warning: Permanently added", 26) ||
	       !strncmp(line, "Transferred:", 12) ||
	       !strncmp(line, "Bytes per second:", 17);
}
