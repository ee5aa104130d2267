/*
 * `bridge complete -- WORD...`, which no help lists: what the last word may
 * become, a candidate a line, with a TAB and a description where there is one.
 * ":files" asks the shell for files. The shells' functions in completion/ do
 * no more than show it.
 */
#include "cmd/command_line.h"
#include "cmd/commands.h"
#include "cmd/context/candidates.h"
#include "cmd/context/command.h"
#include "cmd/report/formats.h"
#include "cmd/ui/output.h"
#include "schema/embedded.h"

#include <stdlib.h>
#include <string.h>

/* What is being completed. */
struct typed {
	char **words; /* without the last */
	int count;
	const char *last;
	const char *before;            /* "--rev=", which the candidates keep */
	const struct command *command; /* or NULL */
	size_t arguments;              /* before the last word */
	struct options options;        /* --config and the like, as far as they
					  have been typed */
};

static void offer(
	const struct typed *typed, const char *value, const char *description)
{
	AUTO(text) line = TEXT_INIT;

	if (strncmp(value, typed->last, strlen(typed->last)))
		return;
	text_append_visible(&line, value, strlen(value));
	/* What is not itself when it is shown cannot be typed either. */
	if (strcmp(line.data, value))
		return;
	printf("%s%s", typed->before, value);
	if (description)
		printf("\t%s", description);
	putchar('\n');
}

static void offer_list(const struct typed *typed, json_t *list)
{
	size_t i;
	json_t *item;

	json_array_foreach(list, i, item)
		offer(typed, json_string_value(item), NULL);
	json_decref(list);
}

static void offer_revisions(const struct typed *typed)
{
	offer(typed, "HEAD", "the last commit");
	offer(typed, "INDEX", "what is staged");
	offer(typed, "WORKTREE", "the files as they are");
	offer_list(typed, candidates_revisions(&typed->options));
}

static void offer_choices(const struct typed *typed, const char *choices)
{
	while (choices && *choices) {
		size_t length = strcspn(choices, "|");
		AUTO_FREE char *choice = own_strndup(choices, length);

		offer(typed, choice, NULL);
		choices += length + (choices[length] == '|');
	}
}

static void offer_formats(const struct typed *typed)
{
	for (size_t i = 0; i < report_format_count; i++)
		offer(typed, report_formats[i].name, report_formats[i].help);
}

static void offer_files(const struct typed *typed)
{
	/* Behind "--output=" the shell knows of none. */
	if (!*typed->before)
		puts(":files");
}

static void offer_value(const struct typed *typed, enum option_id id)
{
	switch (id) {
	case OPTION_CONFIG:
	case OPTION_CATALOG:
	case OPTION_OUTPUT:
		offer_files(typed);
		return;
	case OPTION_REV:
	case OPTION_SINCE:
		offer_revisions(typed);
		return;
	case OPTION_DOMAIN:
		offer_list(typed,
			candidates_ids(&typed->options, DOCUMENT_DOMAIN));
		return;
	case OPTION_FORMAT:
		offer_formats(typed);
		return;
	default:
		offer_choices(typed, option_rows[id].choices);
	}
}

static void offer_options(const struct typed *typed)
{
	uint32_t takes = TAKES_EVERYWHERE |
			 (typed->command ? typed->command->takes : 0);

	for (int id = 0; id < OPTION_IDS; id++) {
		AUTO(text) name = TEXT_INIT;

		if (!(takes >> id & 1))
			continue;
		text_format(&name, "--%s", option_rows[id].name);
		offer(typed, name.data, option_rows[id].help);
	}
}

/* "catalog" for "catalog show" as long as no second word is there. */
static void offer_commands(const struct typed *typed, const char *group)
{
	size_t length = group ? strlen(group) : 0;
	const char *said = "";

	for (size_t i = 0; i < command_count; i++) {
		const char *name = commands[i].name;
		const char *space = strchr(name, ' ');
		AUTO_FREE char *first = own_strndup(name, strcspn(name, " "));

		if (commands[i].part == PART_HIDDEN ||
			(group && (strncmp(name, group, length) ||
					  name[length] != ' ')))
			continue;
		if (group)
			offer(typed, name + length + 1, commands[i].summary);
		else if (!space)
			offer(typed, name, commands[i].summary);
		else if (strcmp(first, said) && strcmp(first, "targets") &&
			 strcmp(first, "mcp"))
			offer(typed, first, "commands about the catalog");
		if (space && !group)
			said = commands[i].name[0] == 'c' ? "catalog" : "";
	}
	if (!group)
		offer(typed, "help", "say more about a command");
}

static void offer_rules(const struct typed *typed)
{
	for (int rule = 0; rule < RULE_COUNT; rule++)
		offer(typed, rule_rows[rule].id, rule_rows[rule].title);
}

static void offer_kinds(const struct typed *typed)
{
	for (int kind = 0; kind < DOCUMENT_KINDS; kind++)
		offer(typed, document_kind_name((enum document_kind)kind),
			NULL);
}

/* Arguments are what the usage calls them. */
static void offer_arguments(const struct typed *typed)
{
	const char *takes = typed->command->arguments;

	if (typed->arguments >= typed->command->most)
		return;
	if (strstr(takes, "NAME"))
		offer_list(typed, candidates_bridges(&typed->options));
	else if (strstr(takes, "TARGET_ID"))
		offer_list(typed,
			candidates_ids(&typed->options, DOCUMENT_TARGET));
	else if (!strcmp(takes, "ID"))
		for (int kind = DOCUMENT_DOMAIN; kind <= DOCUMENT_ACTOR; kind++)
			offer_list(typed, candidates_ids(&typed->options,
						  (enum document_kind)kind));
	else if (strstr(takes, "ID"))
		offer_list(typed,
			candidates_ids(&typed->options, DOCUMENT_BRIDGE));
	else if (strstr(takes, "RULE"))
		offer_rules(typed);
	else if (strstr(takes, "KIND"))
		offer_kinds(typed);
	else if (strstr(takes, "SHELL"))
		offer_choices(typed, "bash|zsh|fish");
	else if (!strcmp(takes, "[A [B]]"))
		offer_revisions(typed);
	else
		offer_files(typed);
}

static enum option_id option_of(const struct typed *typed, const char *word)
{
	uint32_t takes = TAKES_EVERYWHERE |
			 (typed->command ? typed->command->takes : 0);

	for (int id = 0; id < OPTION_IDS; id++) {
		const struct option_row *row = &option_rows[id];
		bool is_letter = row->letter && word[0] == '-' &&
				 word[1] == row->letter && !word[2];

		if ((takes >> id & 1) && row->argument &&
			(is_letter || (!strncmp(word, "--", 2) &&
					      !strcmp(word + 2, row->name))))
			return (enum option_id)id;
	}
	return OPTION_IDS;
}

/* Where the definitions are, when it has been said already. */
static void note_option(
	struct typed *typed, enum option_id id, const char *value)
{
	if (id == OPTION_CONFIG)
		typed->options.config = value;
	else if (id == OPTION_CATALOG)
		typed->options.catalog = value;
	else if (id == OPTION_REV)
		typed->options.rev = value;
}

/* The words that are no options and no values of theirs, in place. */
static int plain_words(struct typed *typed, char **plain)
{
	int count = 0;

	for (int i = 0; i < typed->count; i++) {
		char *word = typed->words[i];
		enum option_id id;

		if (word[0] != '-' || !word[1]) {
			plain[count++] = word;
			continue;
		}
		id = option_of(typed, word);
		if (id != OPTION_IDS && i + 1 < typed->count)
			note_option(typed, id, typed->words[++i]);
	}
	return count;
}

/* bash makes three words of --rev=main: leave the middle one out. */
static void join_words(struct typed *typed)
{
	int count = 0;

	for (int i = 0; i < typed->count; i++)
		if (strcmp(typed->words[i], "="))
			typed->words[count++] = typed->words[i];
	typed->count = count;
	if (!strcmp(typed->last, "="))
		typed->last = "";
}

static bool offer_option(struct typed *typed)
{
	const char *last = typed->count ? typed->words[typed->count - 1] : "";
	const char *equals = strchr(typed->last, '=');
	enum option_id id = option_of(typed, last);
	AUTO_FREE char *name = NULL;
	AUTO_FREE char *before = NULL;

	if (id != OPTION_IDS) {
		offer_value(typed, id);
		return true;
	}
	if (typed->last[0] != '-')
		return false;
	if (!equals) {
		offer_options(typed);
		return true;
	}
	name = own_strndup(typed->last, (size_t)(equals - typed->last));
	before = own_strndup(typed->last, (size_t)(equals - typed->last) + 1);
	id = option_of(typed, name);
	typed->before = before;
	typed->last = equals + 1;
	if (id != OPTION_IDS)
		offer_value(typed, id);
	typed->before = "";
	return true;
}

enum exit_status command_complete(const struct options *options)
{
	struct typed typed = {.words = options->arguments,
		.count = options->count ? (int)options->count - 1 : 0,
		.last = options->count ? options->arguments[options->count - 1]
				       : "",
		.before = ""};
	AUTO_FREE char **plain = own_alloc(
		(options->count + 1) * sizeof(char *));
	struct command_line words;
	int count;

	join_words(&typed);
	count = plain_words(&typed, plain);
	if (count && !strcmp(plain[0], "help")) {
		memmove(plain, plain + 1, (size_t)--count * sizeof(*plain));
		offer_commands(&typed, count ? plain[0] : NULL);
		return EXIT_YES;
	}
	words = command_line_find(count, plain);
	typed.command = words.command;
	typed.arguments = (size_t)(count - words.count);
	/* Once more, as options are a command's. */
	plain_words(&typed, plain);
	if (offer_option(&typed))
		return EXIT_YES;
	if (!typed.command && count < 2) {
		offer_commands(&typed, count ? plain[0] : NULL);
	} else if (typed.command) {
		/* "targets" is a command, and the first word of one. */
		if (words.count == 1 && count == 1)
			offer_commands(&typed, typed.command->name);
		offer_arguments(&typed);
	}
	return EXIT_YES;
}
