#include "tunnel/ssh/proxy_command.h"

#include "tunnel/ssh/known_hosts.h"

#include <stdlib.h>
#include <string.h>

/* Stand for ssh's own %h and %p while all other percent signs are doubled. */
#define HOST_MARK '\001'
#define PORT_MARK '\002'

/* Part of "[user@]host[:port]"; the host without brackets. */
struct place {
	char *user, *host, *port; /* NULL where it is not written */
};

static void place_release(struct place *place)
{
	free(place->user);
	free(place->host);
	free(place->port);
}

static struct place place_of(const char *jump)
{
	const char *at = strrchr(jump, '@');
	const char *host = at ? at + 1 : jump;
	bool brackets = host[0] == '[';
	size_t length = strcspn(host + brackets, brackets ? "]" : ":");
	const char *end = host + brackets + length + brackets;

	return (struct place){
		.user = at ? own_strndup(jump, (size_t)(at - jump)) : NULL,
		.host = own_strndup(host + brackets, length),
		.port = *end == ':' ? own_strdup(end + 1) : NULL,
	};
}

/* Letters and digits of ASCII, and what no shell takes for anything else. */
static bool is_plain(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_./:@%=,+-";

	return *word && !word[strspn(word, plain)];
}

/*
 * Quotes only where they are needed: each level of a command within a command
 * makes four of one, and an argument has 128 KiB at most (execve(2)).
 */
static void append_quoted(struct text *text, const char *word)
{
	if (is_plain(word)) {
		text_format(text, " %s", word);
		return;
	}
	text_append(text, " '");
	for (; *word; word++) {
		if (*word == '\'')
			text_append(text, "'\\''");
		else
			text_append_char(text, *word);
	}
	text_append_char(text, '\'');
}

/* ssh expands percent signs in a ProxyCommand, once at each level. */
static char *as_option(const char *command)
{
	AUTO(text) text = TEXT_INIT;

	text_append(&text, "ProxyCommand=");
	for (; *command; command++) {
		if (*command == HOST_MARK)
			text_append(&text, "%h");
		else if (*command == PORT_MARK)
			text_append(&text, "%p");
		else if (*command == '%')
			text_append(&text, "%%");
		else
			text_append_char(&text, *command);
	}
	return text_detach(&text);
}

static void append_option(struct text *text, const char *option)
{
	text_append(text, " -o");
	append_quoted(text, option);
}

static void append_pins(struct text *text, const struct bridge *bridge,
	size_t hop, const struct ssh_options *options)
{
	AUTO(text) file = TEXT_INIT;
	AUTO(text) alias = TEXT_INIT;

	text_format(&file, "UserKnownHostsFile=%s", options->known_hosts);
	text_append(&alias, "HostKeyAlias=");
	known_hosts_append_alias(&alias, bridge, hop);
	for (const char *const *pin = known_hosts_pin_options(options->old_ssh);
		*pin; pin++)
		append_option(text, *pin);
	append_option(text, file.data);
	append_option(text, alias.data);
}

/* New keys go to the first file. */
static void append_known_hosts(
	struct text *text, const struct ssh_options *options)
{
	append_option(text, "StrictHostKeyChecking=accept-new");
	append_option(text,
		options->probe ? "UserKnownHostsFile=/dev/null .known_hosts "
				 "~/.ssh/known_hosts ~/.ssh/known_hosts2"
			       : "UserKnownHostsFile=.known_hosts "
				 "~/.ssh/known_hosts ~/.ssh/known_hosts2");
}

/*
 * Not -i, which warns of a file that is not there: it is not the only key. A
 * configuration's words are quoted with "", and backslashes count in them.
 */
static void append_jump_key(
	struct text *text, const char *path, const struct ssh_options *options)
{
	AUTO(text) option = TEXT_INIT;

	text_append(&option, "IdentityFile=");
	if (is_plain(path)) {
		text_append(&option, path);
		append_option(text, option.data);
		return;
	}
	text_append_char(&option, '"');
	for (; *path; path++)
		text_format(&option,
			*path == '\\' && !options->old_ssh ? "\\%c" : "%c",
			*path);
	text_append_char(&option, '"');
	append_option(text, option.data);
}

static void append_options(struct text *text, const struct bridge *bridge,
	size_t hop, const struct ssh_options *options)
{
	static const char *const fixed[] = {
		"BatchMode=yes",
		"ControlMaster=no",
		"ControlPath=none",
		"ConnectTimeout=10",
		"ServerAliveInterval=15",
		"ServerAliveCountMax=3",
	};

	for (size_t i = 0; i < COUNT(fixed); i++)
		append_option(text, fixed[i]);
	if (known_hosts_pins_jump(bridge, hop))
		append_pins(text, bridge, hop, options);
	else
		append_known_hosts(text, options);
	/* The keys of ssh_config and an agent's are tried, too. */
	for (size_t i = 0; i < bridge->jump_ssh_keys.count; i++) {
		const char *path = bridge_of_jump(
			bridge->jump_ssh_keys.items[i], hop);

		if (path)
			append_jump_key(text, path, options);
	}
	text_append(text, " -i");
	append_quoted(text, bridge->ssh_key);
}

/* Where a later hop is, for -W; an address with colons in brackets. */
static char *target(const char *jump)
{
	struct place place = place_of(jump);
	AUTO(text) text = TEXT_INIT;

	text_format(&text, strchr(place.host, ':') ? "[%s]:%s" : "%s:%s",
		place.host, place.port ? place.port : "22");
	place_release(&place);
	return text_detach(&text);
}

/* An ssh at jump host `hop`, through those before it, that leads to `to`. */
static char *command(const struct bridge *bridge,
	const struct ssh_options *options, size_t hop, const char *to)
{
	const char *jump = bridge->proxy_jump.items[hop];
	struct place place = place_of(jump);
	AUTO(text) text = TEXT_INIT;

	text_append(&text, "ssh");
	append_options(&text, bridge, hop, options);
	if (hop) {
		AUTO_FREE char *next = target(jump);
		AUTO_FREE char *inner = command(bridge, options, hop - 1, next);
		AUTO_FREE char *option = as_option(inner);

		append_option(&text, option);
	}
	text_append(&text, " -W");
	append_quoted(&text, to);
	if (place.port) {
		text_append(&text, " -p");
		append_quoted(&text, place.port);
	}
	if (place.user) {
		text_append(&text, " -l");
		append_quoted(&text, place.user);
	}
	text_append(&text, " --");
	append_quoted(&text, place.host);
	place_release(&place);
	return text_detach(&text);
}

char *proxy_command_option(
	const struct bridge *bridge, const struct ssh_options *options)
{
	static const char to[] = {'[', HOST_MARK, ']', ':', PORT_MARK, '\0'};
	AUTO_FREE char *last = command(
		bridge, options, bridge->proxy_jump.count - 1, to);

	return as_option(last);
}
