#include "tunnel/ssh/known_hosts.h"

#include <ctype.h>
#include <stddef.h>

bool known_hosts_pins_jump(const struct bridge *bridge, size_t hop)
{
	for (size_t i = 0; i < bridge->jump_host_keys.count; i++)
		if (bridge_of_jump(bridge->jump_host_keys.items[i], hop))
			return true;
	return false;
}

/*
 * The name under which the keys of a hop stand: "1+ops@door:22", which can be
 * no host's own (bridge_check()), nor another hop's. ssh compares in lower
 * case, and does not lower this name itself.
 */
void known_hosts_append_alias(
	struct text *text, const struct bridge *bridge, size_t hop)
{
	const char *jump = bridge->proxy_jump.items[hop];

	text_format(text, "%zu+", hop + 1);
	for (; *jump; jump++)
		text_append_char(text, (char)tolower((unsigned char)*jump));
}

static void append_jump_keys(struct text *lines, const struct bridge *bridge)
{
	for (size_t hop = 0; hop < bridge->proxy_jump.count; hop++)
		for (size_t i = 0; i < bridge->jump_host_keys.count; i++) {
			const char *key = bridge_of_jump(
				bridge->jump_host_keys.items[i], hop);

			if (!key)
				continue;
			known_hosts_append_alias(lines, bridge, hop);
			text_format(lines, " %s\n", key);
		}
}

/* Nothing in ssh_config, and no name server, adds to what is pinned. */
const char *const *known_hosts_pin_options(bool old_ssh)
{
	static const char *const pins[] = {
		"KnownHostsCommand=none", /* since 8.5 */
		"StrictHostKeyChecking=yes",
		"GlobalKnownHostsFile=none",
		"UpdateHostKeys=no",
		"VerifyHostKeyDNS=no",
		NULL,
	};

	return old_ssh ? pins + 1 : pins;
}

bool known_hosts_has_pins(const struct bridge *bridge)
{
	return bridge->host_keys.count || bridge->jump_host_keys.count;
}

/* known_hosts writes a host at another port than 22 as [host]:port. */
char *known_hosts_lines(const struct bridge *bridge)
{
	AUTO(text) lines = TEXT_INIT;

	for (size_t i = 0; i < bridge->host_keys.count; i++) {
		if (bridge->ssh_port && bridge->ssh_port != 22)
			text_format(&lines, "[%s]:%u", bridge->host,
				bridge->ssh_port);
		else
			text_append(&lines, bridge->host);
		text_format(&lines, " %s\n", bridge->host_keys.items[i]);
	}
	append_jump_keys(&lines, bridge);
	return text_detach(&lines);
}
