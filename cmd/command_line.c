#include "cmd/command_line.h"

#include "cmd/ui/output.h"
#include "schema/base/suggest.h"

#include <string.h>

static bool letter_takes_value(char letter)
{
	for (int id = 0; id < OPTION_IDS; id++)
		if (option_rows[id].letter == letter)
			return option_rows[id].argument != NULL;
	return false;
}

/* Is the value of this option the word behind it? */
static bool wants_next(const char *option)
{
	if (option[1] == '-') {
		for (int id = 0; id < OPTION_IDS; id++)
			if (!strcmp(option_rows[id].name, option + 2))
				return option_rows[id].argument != NULL;
		return false;
	}
	for (option++; *option; option++)
		if (letter_takes_value(*option))
			return !option[1];
	return false;
}

static const struct command *command_of(const char *first, const char *second)
{
	AUTO(text) name = TEXT_INIT;

	text_format(&name, "%s%s%s", first, second ? " " : "",
		second ? second : "");
	for (size_t i = 0; i < command_count; i++)
		if (!strcmp(commands[i].name, name.data))
			return &commands[i];
	return NULL;
}

struct command_line command_line_find(int argc, char **argv)
{
	struct command_line words = {.command = NULL};
	int found = 0;

	for (int i = 0; i < argc && found < 2; i++) {
		if (argv[i][0] == '-' && argv[i][1]) {
			if (!strcmp(argv[i], "--"))
				break;
			i += wants_next(argv[i]);
			continue;
		}
		words.at[found++] = i;
	}
	words.first = found > 0 ? argv[words.at[0]] : NULL;
	words.second = found > 1 ? argv[words.at[1]] : NULL;
	/* The longest name wins: "targets show" before "targets". */
	for (words.count = found; words.count; words.count--) {
		words.command = command_of(
			words.first, words.count == 2 ? words.second : NULL);
		if (words.command)
			break;
	}
	return words;
}

char **command_line_rest(
	const struct command_line *words, int argc, char **argv)
{
	char **rest = own_realloc(NULL, (size_t)argc + 1, sizeof(char *));
	int count = 0;

	for (int i = 0; i < argc; i++)
		if ((words->count < 1 || i != words->at[0]) &&
			(words->count < 2 || i != words->at[1]))
			rest[count++] = argv[i];
	rest[count] = NULL;
	return rest;
}

bool command_line_is_group(const char *word)
{
	size_t length = strlen(word);

	for (size_t i = 0; i < command_count; i++)
		if (!strncmp(commands[i].name, word, length) &&
			commands[i].name[length] == ' ')
			return true;
	return false;
}

/* Of all commands of two words, or of all first words; malloc'd. */
static const char *nearest_of(const char *word, bool two)
{
	AUTO_FREE const char **names = own_alloc(
		(command_count + 1) * sizeof(*names));
	size_t count = 0;

	for (size_t i = 0; i < command_count; i++)
		if (commands[i].part != PART_HIDDEN &&
			(strchr(commands[i].name, ' ') != NULL) == two)
			names[count++] = commands[i].name;
	if (!two)
		names[count++] = "catalog";
	return suggest_nearest(word, names, count);
}

void command_line_unknown(const char *first, const char *second)
{
	AUTO(text) word = TEXT_INIT;
	AUTO(text) meant = TEXT_INIT;
	const char *near = NULL;

	text_append(&word, first);
	if (second &&
		(command_line_is_group(first) || !command_of(first, NULL)))
		text_format(&word, " %s", second);
	if (second)
		near = nearest_of(word.data, true);
	if (!near && !command_line_is_group(first)) {
		near = nearest_of(first, false);
		/* What stands behind it belongs to it. */
		if (near && second && command_of(near, second)) {
			text_format(&meant, "%s %s", near, second);
			near = meant.data;
		}
		if (!near || near != meant.data) {
			text_clear(&word);
			text_append(&word, first);
		}
	}
	if (near)
		output_error("unknown command '%s', did you mean '%s'?",
			word.data, near);
	else if (command_line_is_group(first))
		output_error("unknown command '%s'; see `bridge help %s`",
			word.data, first);
	else
		output_error(
			"unknown command '%s'; see `bridge help`", word.data);
}
