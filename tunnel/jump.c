#include "tunnel/jump.h"

#include "schema/text.h"

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

static void append_quoted(struct text *text, const char *word)
{
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

/* New keys go to the first file. */
static void append_known_hosts(struct text *text, bool forgetful)
{
	append_quoted(
		text, forgetful ? "UserKnownHostsFile=/dev/null .known_hosts "
				  "~/.ssh/known_hosts ~/.ssh/known_hosts2"
				: "UserKnownHostsFile=.known_hosts "
				  "~/.ssh/known_hosts ~/.ssh/known_hosts2");
}

static void append_options(
	struct text *text, const struct bridge *bridge, bool forgetful)
{
	static const char *const options[] = {
		"BatchMode=yes",
		"ControlMaster=no",
		"ControlPath=none",
		"ConnectTimeout=10",
		"ServerAliveInterval=15",
		"ServerAliveCountMax=3",
		"StrictHostKeyChecking=accept-new",
	};

	for (size_t i = 0; i < COUNT(options); i++) {
		text_append(text, " -o");
		append_quoted(text, options[i]);
	}
	text_append(text, " -o");
	append_known_hosts(text, forgetful);
	/* The keys of ssh_config and an agent's are tried, too. */
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
static char *command(
	const struct bridge *bridge, bool forgetful, size_t hop, const char *to)
{
	struct place place = place_of(bridge->proxy_jump.items[hop]);
	AUTO(text) text = TEXT_INIT;

	text_append(&text, "ssh");
	append_options(&text, bridge, forgetful);
	if (hop) {
		AUTO_FREE char *next = target(bridge->proxy_jump.items[hop]);
		AUTO_FREE char *inner = command(
			bridge, forgetful, hop - 1, next);
		AUTO_FREE char *option = as_option(inner);

		text_append(&text, " -o");
		append_quoted(&text, option);
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

char *jump_option(const struct bridge *bridge, bool forgetful)
{
	static const char to[] = {'[', HOST_MARK, ']', ':', PORT_MARK, '\0'};
	AUTO_FREE char *last = command(
		bridge, forgetful, bridge->proxy_jump.count - 1, to);

	return as_option(last);
}
