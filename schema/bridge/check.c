#include "schema/base/utf8.h"
#include "schema/bridge/bridge.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
	MAX_HOST = 253,
	MAX_USER = 64,
	MAX_PATH = 4095,
	MAX_URL = 2000,
	MAX_HOST_KEY = 16384,
	MAX_JUMP = 400,
	MAX_JUMPS = 8,
	MAX_STATUS_LIST = 200,
};

bool bridge_name_is_valid(const char *name)
{
	size_t length = strlen(name);

	if (!length || length > BRIDGE_MAX_NAME ||
		!isalnum((unsigned char)name[0]))
		return false;
	for (size_t i = 1; i < length; i++)
		if (!isalnum((unsigned char)name[i]) && !strchr("._-", name[i]))
			return false;
	return true;
}

/* Is every byte in the set, or a letter or a digit? */
static bool only(const char *text, const char *set)
{
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr(set, *text))
			return false;
	return true;
}

/*
 * A host name, an IPv4 or an IPv6 address (with or without brackets, with a
 * zone). Underscores appear in real names. Bytes above 127 do not: IDNA
 * names are written in their ASCII form.
 */
static bool host_is_safe(const char *host)
{
	size_t length = strlen(host);

	return length && length <= MAX_HOST && host[0] != '-' &&
	       host[0] != '.' && only(host, "._-:[]%");
}

/* Windows accounts come as DOMAIN\user, Kerberos ones as user@REALM. */
static bool user_is_safe(const char *user)
{
	size_t length = strlen(user);

	return length && length <= MAX_USER && user[0] != '-' &&
	       only(user, "._-+@\\$");
}

/* Printable UTF-8. */
static bool is_plain(const char *text, size_t most)
{
	size_t length = strlen(text);

	if (!length || length > most)
		return false;
	for (size_t at = 0; at < length;) {
		uint32_t point;
		size_t size = utf8_decode(&point, text + at, length - at);

		if (!size || !utf8_is_plain(point))
			return false;
		at += size;
	}
	return true;
}

/*
 * ssh expands %-tokens and ${} in IdentityFile, so a path with them would
 * name another file than the one that was checked.
 */
static bool key_is_safe(const char *path)
{
	return path[0] == '/' && is_plain(path, MAX_PATH) &&
	       !strpbrk(path, "%$\"");
}

/* RFC 3986 knows ASCII alone. */
static bool url_is_safe(const char *url)
{
	size_t length = strlen(url);

	if (strncmp(url, "http://", 7) && strncmp(url, "https://", 8))
		return false;
	for (const char *at = url; *at; at++)
		if (*at <= ' ' || *at > '~' || *at == '\\')
			return false;
	return length <= MAX_URL && strstr(url, "://")[3];
}

/* 1 to 65535 and nothing behind it, without zeros before it. */
static bool port_is_safe(const char *port)
{
	char *end;
	unsigned long number = strtoul(port, &end, 10);

	return port[0] >= '1' && port[0] <= '9' && !*end && number <= 65535;
}

/*
 * [user@]host[:port]. ssh makes a shell command of what -J names
 * (tunnel/ssh/argv.c), so this is less than a user name or a host may be
 * elsewhere.
 */
static bool jump_is_safe(const char *jump)
{
	const char *host = strrchr(jump, '@');
	size_t length = host ? (size_t)(host - jump) : 0;
	AUTO_FREE char *user = own_strndup(jump, length);
	AUTO_FREE char *name = NULL;
	const char *end;
	bool brackets;

	if (strlen(jump) > MAX_JUMP ||
		(host && (!length || user[0] == '-' || user[0] == '+' ||
				 user[0] == '@' || !only(user, "._-+@"))))
		return false;
	host = host ? host + 1 : jump;
	brackets = host[0] == '[';
	end = brackets ? strchr(host, ']') : host + strcspn(host, ":");
	if (!end)
		return false;
	host += brackets;
	name = own_strndup(host, (size_t)(end - host));
	end += brackets;
	if (!name[0] || !only(name, brackets ? "._:%-" : "._-") ||
		(!brackets && (name[0] == '-' || name[0] == '.')))
		return false;
	return !*end || (*end == ':' && port_is_safe(end + 1));
}

/* "ssh-ed25519 AAAA... comment": one known_hosts line after the host. */
static bool host_key_is_safe(const char *key)
{
	const char *space = strchr(key, ' ');

	return is_plain(key, MAX_HOST_KEY) && space && space > key &&
	       isalnum((unsigned char)space[1]) && key[0] != '#' &&
	       key[0] != '@' && key[0] != '|';
}

bool bridge_status_list_is_valid(const char *list)
{
	if (strlen(list) >= MAX_STATUS_LIST)
		return false;
	for (;;) {
		char *end;
		unsigned long first = strtoul(list, &end, 10);
		unsigned long last = first;

		if (!isdigit((unsigned char)*list) || end - list != 3)
			return false;
		if (*end == '-') {
			list = end + 1;
			last = strtoul(list, &end, 10);
			if (!isdigit((unsigned char)*list) || end - list != 3)
				return false;
		}
		if (first < 100 || last > 599 || first > last)
			return false;
		if (!*end)
			return true;
		if (*end != ',')
			return false;
		list = end + 1;
		list += *list == ' ';
	}
}

static bool refuse(struct diags *diags, const struct bridge *bridge,
	const char *field, const char *value, const char *wanted)
{
	return diag_error(diags, NULL, RULE_BRIDGE_UNSAFE,
		"bridge '%s': %s '%.200s' is not %s", bridge->name, field,
		value, wanted);
}

static bool missing(
	struct diags *diags, const struct bridge *bridge, const char *field)
{
	return diag_error(diags, NULL, RULE_BRIDGE_INCOMPLETE,
		"bridge '%s': '%s' is set nowhere", bridge->name, field);
}

static bool check_required(const struct bridge *bridge, struct diags *diags)
{
	if (!bridge->host)
		return missing(diags, bridge, "host");
	if (!bridge->remote_port)
		return missing(diags, bridge, "remote_port");
	if (!bridge->local_port && !bridge_leads_to_socket(bridge))
		return missing(diags, bridge, "local_port");
	if (!bridge->ssh_user)
		return missing(diags, bridge, "ssh_user");
	if (!bridge->ssh_key)
		return missing(diags, bridge, "ssh_key");
	if (!bridge->actor)
		return missing(diags, bridge, "actor");
	if (!bridge->remote_bind || !bridge->local_host)
		return missing(diags, bridge, "remote_bind");
	return true;
}

static bool belongs_to_jump(const struct bridge *bridge, const char *item,
	bool (*is_safe)(const char *value))
{
	for (size_t i = 0; i < bridge->proxy_jump.count; i++) {
		const char *value = bridge_of_jump(item, i);

		if (value)
			return is_safe(value);
	}
	return false;
}

static bool check_jumps(const struct bridge *bridge, struct diags *diags)
{
	/* Each is a command within the command of the next
	 * (tunnel/ssh/proxy_command.h). */
	if (bridge->proxy_jump.count > MAX_JUMPS)
		return diag_error(diags, NULL, RULE_BRIDGE_UNSAFE,
			"bridge '%s' goes through %zu hosts, more than %d",
			bridge->name, bridge->proxy_jump.count, MAX_JUMPS);
	for (size_t i = 0; i < bridge->proxy_jump.count; i++)
		if (!jump_is_safe(bridge->proxy_jump.items[i]))
			return refuse(diags, bridge, "proxy_jump",
				bridge->proxy_jump.items[i],
				"[user@]host[:port]");
	for (size_t i = 0; i < bridge->jump_host_keys.count; i++)
		if (!belongs_to_jump(bridge, bridge->jump_host_keys.items[i],
			    host_key_is_safe))
			return refuse(diags, bridge, "jump_host_keys",
				bridge->jump_host_keys.items[i],
				"the number of a jump host and its public key");
	for (size_t i = 0; i < bridge->jump_ssh_keys.count; i++)
		if (!belongs_to_jump(bridge, bridge->jump_ssh_keys.items[i],
			    key_is_safe))
			return refuse(diags, bridge, "jump_ssh_keys",
				bridge->jump_ssh_keys.items[i],
				"the number of a jump host and an absolute "
				"path without %, $ and quotes");
	return true;
}

static bool check_destination(const struct bridge *bridge, struct diags *diags)
{
	static const char host[] = "a host name or an address";

	if (!host_is_safe(bridge->host))
		return refuse(diags, bridge, "host", bridge->host, host);
	if (!user_is_safe(bridge->ssh_user))
		return refuse(diags, bridge, "ssh_user", bridge->ssh_user,
			"a user name");
	if (!key_is_safe(bridge->ssh_key))
		return refuse(diags, bridge, "ssh_key", bridge->ssh_key,
			"an absolute path without %, $ and quotes");
	if (strcmp(bridge->remote_bind, "*") &&
		!host_is_safe(bridge->remote_bind))
		return refuse(diags, bridge, "remote_bind", bridge->remote_bind,
			host);
	if (bridge->local_host[0] == '/'
			? !key_is_safe(bridge->local_host) ||
				  strchr(bridge->local_host, ':')
			: !host_is_safe(bridge->local_host))
		return refuse(
			diags, bridge, "local_host", bridge->local_host, host);
	if (!bridge_name_is_valid(bridge->actor))
		return refuse(
			diags, bridge, "actor", bridge->actor, "an actor id");
	for (size_t i = 0; i < bridge->host_keys.count; i++)
		if (!host_key_is_safe(bridge->host_keys.items[i]))
			return refuse(diags, bridge, "host_keys",
				bridge->host_keys.items[i],
				"a public key: type, space, base64");
	return check_jumps(bridge, diags);
}

static bool check_times(const struct bridge *bridge, struct diags *diags)
{
	if (bridge->backoff_initial_ms < 100)
		return diag_error(diags, NULL, RULE_SCHEMA_RANGE,
			"bridge '%s': 'reconnect.backoff_initial' is below "
			"0.1 seconds",
			bridge->name);
	if (bridge->backoff_max_ms < bridge->backoff_initial_ms)
		return diag_error(diags, NULL, RULE_SCHEMA_RANGE,
			"bridge '%s': 'reconnect.backoff_max' is below "
			"'reconnect.backoff_initial'",
			bridge->name);
	if (!bridge->health_url)
		return true;
	if (!url_is_safe(bridge->health_url))
		return refuse(diags, bridge, "health_check.url",
			bridge->health_url,
			"an http:// or https:// URL in ASCII");
	if (bridge->health_interval_ms < 100 || bridge->health_timeout_ms < 100)
		return diag_error(diags, NULL, RULE_SCHEMA_RANGE,
			"bridge '%s': health_check times are at least 0.1 "
			"seconds",
			bridge->name);
	if (!bridge->health_failures)
		return diag_error(diags, NULL, RULE_SCHEMA_RANGE,
			"bridge '%s': 'health_check.failures' is 0, not 1 or "
			"more",
			bridge->name);
	if (strcmp(bridge->health_from, "local") &&
		strcmp(bridge->health_from, "remote"))
		return refuse(diags, bridge, "health_check.from",
			bridge->health_from, "local or remote");
	if (!bridge_status_list_is_valid(bridge->health_expect_status))
		return refuse(diags, bridge, "health_check.expect_status",
			bridge->health_expect_status,
			"a list of status codes such as 200-399");
	return true;
}

/* It is never given to a shell: only what is no command at all is refused. */
static bool check_hook(const struct bridge *bridge, struct diags *diags)
{
	const char *command;

	if (!bridge->on_event.count)
		return true;
	command = bridge->on_event.items[0];
	if (*command && *command != '-')
		return true;
	return refuse(diags, bridge, "on_event", command,
		"a list: the command, then its arguments");
}

bool bridge_check(const struct bridge *bridge, struct diags *diags)
{
	if (!bridge->name)
		return diag_error(diags, NULL, RULE_BRIDGE_INCOMPLETE,
			"a bridge has no name");
	if (!bridge_name_is_valid(bridge->name))
		return diag_error(diags, NULL, RULE_BRIDGE_UNSAFE,
			"'%.100s' is not a bridge name: 1 to 63 letters, "
			"digits, '.', '_' and '-', a letter or digit first",
			bridge->name);
	return check_required(bridge, diags) &&
	       check_destination(bridge, diags) && check_times(bridge, diags) &&
	       check_hook(bridge, diags);
}
