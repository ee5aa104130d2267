#include "cmd/ui/options.h"

#include "cmd/ui/output.h"
#include "schema/base/suggest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define AT(member) offsetof(struct options, member)

const struct option_row option_rows[OPTION_IDS] = {
	[OPTION_CONFIG] = {"config", 0, OPTION_TEXT, "FILE", NULL, 0,
		"read FILE instead of ~/.config/bridge/tunnels.yaml",
		AT(config)},
	[OPTION_CATALOG] = {"catalog", 0, OPTION_TEXT, "PATH", NULL, 0,
		"the catalog's folder or repository", AT(catalog)},
	[OPTION_REV] = {"rev", 0, OPTION_TEXT, "REV", NULL, 0,
		"read the catalog at REV: a revision, INDEX or WORKTREE",
		AT(rev)},
	[OPTION_JSON] = {"json", 0, OPTION_FLAG, NULL, NULL, 0, "print JSON",
		AT(json)},
	[OPTION_COLOR] = {"color", 0, OPTION_CHOICE, "WHEN",
		"auto|always|never", 0, "colour: auto, always or never",
		AT(color)},
	[OPTION_QUIET] = {"quiet", 'q', OPTION_FLAG, NULL, NULL, 0,
		"say only what is wrong", AT(quiet)},
	[OPTION_VERBOSE] = {"verbose", 'v', OPTION_FLAG, NULL, NULL, 0,
		"say more: notes and advice", AT(verbose)},
	[OPTION_HELP] = {"help", 'h', OPTION_FLAG, NULL, NULL, 0,
		"show this help", AT(help)},
	[OPTION_VERSION] = {"version", 0, OPTION_FLAG, NULL, NULL, 0,
		"show the version", AT(version)},
	[OPTION_DOMAIN] = {"domain", 0, OPTION_TEXT, "D", NULL, 0,
		"only what belongs to domain D", AT(domain)},
	[OPTION_WAIT] = {"wait", 0, OPTION_NUMBER, "SECONDS", NULL, 86400,
		"how long to wait for the connection (10)", AT(wait_seconds)},
	[OPTION_NO_WAIT] = {"no-wait", 0, OPTION_FLAG, NULL, NULL, 0,
		"return as soon as the supervisor has taken over", AT(no_wait)},
	[OPTION_WATCH] = {"watch", 'w', OPTION_FLAG, NULL, NULL, 0,
		"keep showing it, until interrupted", AT(watch)},
	[OPTION_LINES] = {"lines", 'n', OPTION_NUMBER, "N", NULL, 1000000,
		"the last N lines (50)", AT(lines)},
	[OPTION_FOLLOW] = {"follow", 'f', OPTION_FLAG, NULL, NULL, 0,
		"print new lines as they come, until interrupted", AT(follow)},
	[OPTION_STRICT] = {"strict", 0, OPTION_FLAG, NULL, NULL, 0,
		"warnings count as errors", AT(strict)},
	[OPTION_SINCE] = {"since", 0, OPTION_TEXT, "REV", NULL, 0,
		"report only what the documents changed since REV cause",
		AT(since)},
	[OPTION_FORMAT] = {"format", 0, OPTION_TEXTS, "F", NULL, 0,
		"text, json, github, markdown, gitlab, sarif, junit or "
		"rdjson; F=FILE writes to FILE",
		AT(formats)},
	/* The same word, for a command whose answer is a picture. */
	[OPTION_PICTURE] = {"format", 0, OPTION_CHOICE, "F", "dot|mermaid|json",
		0, "dot (for Graphviz), mermaid or json", AT(picture)},
	[OPTION_OUTPUT] = {"output", 'o', OPTION_TEXT, "FILE", NULL, 0,
		"write to FILE, not to standard output", AT(output)},
	[OPTION_ORIGINS] = {"origins", 0, OPTION_FLAG, NULL, NULL, 0,
		"say where each field was set", AT(origins)},
	[OPTION_RESUME] = {"resume", 0, OPTION_FLAG, NULL, NULL, 0,
		"bring up what ran when the last supervisor ended unasked",
		AT(resume)},
	[OPTION_DRY_RUN] = {"dry-run", 0, OPTION_FLAG, NULL, NULL, 0,
		"print the plan and do nothing", AT(dry_run)},
	[OPTION_PRUNE] = {"prune", 0, OPTION_FLAG, NULL, NULL, 0,
		"also stop what is defined no longer, and forget what has stopped",
		AT(prune)},
	/* The word of `logs`, for a command that follows a revision. */
	[OPTION_REAPPLY] = {"follow", 'f', OPTION_FLAG, NULL, NULL, 0,
		"apply what is defined, and again whenever it changes",
		AT(reapply)},
	[OPTION_UPGRADE] = {"upgrade", 0, OPTION_FLAG, NULL, NULL, 0,
		"make the running supervisor this version, keep its tunnels",
		AT(upgrade)},
	[OPTION_READ_ONLY] = {"read-only", 0, OPTION_FLAG, NULL, NULL, 0,
		"offer no tool that changes anything", AT(read_only)},
	[OPTION_SCOPE] = {"scope", 0, OPTION_CHOICE, "S", "user|project|local",
		0, "user, project or local (as claude has them; local)",
		AT(scope)},
	[OPTION_PRINT] = {"print", 0, OPTION_FLAG, NULL, NULL, 0,
		"only show what would be told", AT(print)},
};

static void *field(struct options *options, enum option_id id)
{
	return (char *)options + option_rows[id].offset;
}

static bool is_choice(const char *choices, const char *value)
{
	size_t length = strlen(value);

	while (choices) {
		if (length && !strncmp(choices, value, length) &&
			(choices[length] == '|' || !choices[length]))
			return true;
		choices = strchr(choices, '|');
		if (choices)
			choices++;
	}
	return false;
}

static bool read_number(
	unsigned *number, const struct option_row *row, const char *value)
{
	char *end;
	unsigned long parsed;

	errno = 0;
	parsed = strtoul(value, &end, 10);
	if (*value >= '0' && *value <= '9' && !*end && !errno &&
		parsed <= row->most) {
		*number = (unsigned)parsed;
		return true;
	}
	output_error("--%s wants a number from 0 to %u, not '%s'", row->name,
		row->most, value);
	return false;
}

static bool set(struct options *options, enum option_id id, const char *value)
{
	const struct option_row *row = &option_rows[id];
	struct option_texts *texts;

	options->given |= UINT32_C(1) << id;
	switch (row->kind) {
	case OPTION_FLAG:
		*(bool *)field(options, id) = true;
		return true;
	case OPTION_NUMBER:
		return read_number(field(options, id), row, value);
	case OPTION_CHOICE:
		if (!is_choice(row->choices, value)) {
			output_error("--%s is one of %s, not '%s'", row->name,
				row->choices, value);
			return false;
		}
		*(const char **)field(options, id) = value;
		return true;
	case OPTION_TEXT:
		if (!*value) {
			output_error("--%s wants %s, not an empty text",
				row->name, row->argument);
			return false;
		}
		*(const char **)field(options, id) = value;
		return true;
	case OPTION_TEXTS:
		texts = field(options, id);
		if (texts->count == OPTION_MAX_TEXTS) {
			output_error("--%s may be given %d times at most",
				row->name, OPTION_MAX_TEXTS);
			return false;
		}
		texts->list[texts->count++] = value;
		return true;
	}
	return false;
}

static enum option_id find_long(uint32_t takes, const char *name, size_t length)
{
	int id = 0;

	for (; id < OPTION_IDS; id++)
		if ((takes >> id & 1) &&
			strlen(option_rows[id].name) == length &&
			!strncmp(option_rows[id].name, name, length))
			break;
	return (enum option_id)id;
}

static enum option_id find_letter(uint32_t takes, char letter)
{
	int id = 0;

	for (; id < OPTION_IDS; id++)
		if ((takes >> id & 1) && option_rows[id].letter == letter)
			break;
	return (enum option_id)id;
}

static bool unknown_long(uint32_t takes, const char *name, size_t length)
{
	AUTO_FREE char *word = own_strndup(name, length);
	const char *known[OPTION_IDS];
	size_t count = 0;
	const char *near;

	for (int id = 0; id < OPTION_IDS; id++)
		if (takes >> id & 1)
			known[count++] = option_rows[id].name;
	near = suggest_nearest(word, known, count);
	if (near)
		output_error("unknown option '--%s', did you mean '--%s'?",
			word, near);
	else
		output_error("unknown option '--%s'; see --help", word);
	return false;
}

struct cursor {
	int argc, at;
	char **argv;
};

static bool need_value(
	struct cursor *cursor, enum option_id id, const char **value)
{
	if (cursor->at + 1 >= cursor->argc) {
		output_error("--%s wants %s behind it", option_rows[id].name,
			option_rows[id].argument);
		return false;
	}
	*value = cursor->argv[++cursor->at];
	return true;
}

static bool parse_long(
	struct options *options, uint32_t takes, struct cursor *cursor)
{
	const char *name = cursor->argv[cursor->at] + 2;
	const char *equals = strchr(name, '=');
	size_t length = equals ? (size_t)(equals - name) : strlen(name);
	enum option_id id = find_long(takes, name, length);
	const char *value = equals ? equals + 1 : NULL;

	if (id == OPTION_IDS)
		return unknown_long(takes, name, length);
	if (option_rows[id].kind == OPTION_FLAG && value) {
		output_error("--%s takes no value", option_rows[id].name);
		return false;
	}
	if (option_rows[id].kind != OPTION_FLAG && !value &&
		!need_value(cursor, id, &value))
		return false;
	return set(options, id, value);
}

static bool parse_letters(
	struct options *options, uint32_t takes, struct cursor *cursor)
{
	for (const char *at = cursor->argv[cursor->at] + 1; *at; at++) {
		enum option_id id = find_letter(takes, *at);
		const char *value = NULL;

		if (id == OPTION_IDS) {
			output_error("unknown option '-%c'; see --help", *at);
			return false;
		}
		if (option_rows[id].kind == OPTION_FLAG) {
			set(options, id, NULL);
			continue;
		}
		if (at[1])
			value = at + 1;
		else if (!need_value(cursor, id, &value))
			return false;
		return set(options, id, value);
	}
	return true;
}

bool options_parse(
	struct options *options, uint32_t takes, int argc, char **argv)
{
	struct cursor cursor = {.argc = argc, .argv = argv};
	bool only_arguments = false;

	options->arguments = own_realloc(
		NULL, (size_t)argc + 1, sizeof(char *));
	for (; cursor.at < argc; cursor.at++) {
		char *word = argv[cursor.at];
		bool fine = true;

		if (only_arguments || word[0] != '-' || !word[1])
			options->arguments[options->count++] = word;
		else if (!strcmp(word, "--"))
			only_arguments = true;
		else if (word[1] == '-')
			fine = parse_long(options, takes, &cursor);
		else
			fine = parse_letters(options, takes, &cursor);
		if (!fine)
			return false;
	}
	options->arguments[options->count] = NULL;
	return true;
}
