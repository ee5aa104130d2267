#include "cmd/command.h"
#include "cmd/output.h"
#include "schema/nearest.h"
#include "schema/version.h"

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

static bool is_group(const char *word)
{
	size_t length = strlen(word);

	for (size_t i = 0; i < command_count; i++)
		if (!strncmp(commands[i].name, word, length) &&
			commands[i].name[length] == ' ')
			return true;
	return false;
}

static enum exit_status unknown_command(int argc, char **argv)
{
	bool grouped = is_group(argv[0]) && argc > 1;
	AUTO(text) word = TEXT_INIT;
	AUTO_FREE const char **names = own_alloc(
		command_count * sizeof(char *));
	const char *near;
	size_t count = 0;

	text_format(&word, "%s%s%s", argv[0], grouped ? " " : "",
		grouped ? argv[1] : "");
	for (size_t i = 0; i < command_count; i++)
		if (commands[i].part != PART_HIDDEN)
			names[count++] = commands[i].name;
	near = nearest(word.data, names, count);
	if (near)
		output_error("unknown command '%s', did you mean '%s'?",
			word.data, near);
	else
		output_error(
			"unknown command '%s'; see `bridge help`", word.data);
	return EXIT_USAGE;
}

static enum exit_status help(int argc, char **argv)
{
	int words;
	const struct command *command;

	if (!argc) {
		help_overview();
		return EXIT_YES;
	}
	command = command_find(argc, argv, &words);
	if (argc == 1 && is_group(argv[0])) {
		help_group(argv[0]);
		return EXIT_YES;
	}
	if (!command)
		return unknown_command(argc, argv);
	help_command(command);
	return EXIT_YES;
}

static bool check_count(
	const struct command *command, const struct options *options)
{
	if (options->count >= command->least && options->count <= command->most)
		return true;
	if (options->count < command->least)
		output_error("`bridge %s` wants %s; see `bridge help %s`",
			command->name, command->arguments, command->name);
	else if (!command->most)
		output_error("`bridge %s` takes no argument, but was given "
			     "'%s'",
			command->name, options->arguments[0]);
	else
		output_error("`bridge %s` takes only %s, but was given '%s', "
			     "too",
			command->name, command->arguments,
			options->arguments[command->most]);
	return false;
}

static enum exit_status run(
	const struct command *command, int argc, char **argv)
{
	struct options options = {.wait_seconds = 10, .lines = 50};
	enum exit_status status = EXIT_USAGE;

	if (!options_parse(
		    &options, command->takes | TAKES_EVERYWHERE, argc, argv))
		goto done;
	output_init(&options);
	status = EXIT_YES;
	if (options.help) {
		help_command(command);
		goto done;
	}
	if (options.version) {
		printf("bridge %s\n", bridge_version);
		goto done;
	}
	status = EXIT_USAGE;
	if (check_count(command, &options))
		status = command->run(&options);
done:
	free(options.arguments);
	return status;
}

/* Options may stand before the command: move past them, keep them. */
static int leading_options(int argc, char **argv)
{
	int at = 0;

	while (at < argc && argv[at][0] == '-' && argv[at][1]) {
		const char *name = argv[at];
		bool takes_value = false;

		for (int id = 0; id < OPTION_IDS && name[1] == '-'; id++)
			if (!strcmp(option_rows[id].name, name + 2) &&
				option_rows[id].argument)
				takes_value = true;
		at += takes_value ? 2 : 1;
	}
	return at < argc ? at : argc;
}

/* argv with the words of the command taken out. */
static char **without_words(int argc, char **argv, int at, int words)
{
	char **rest = own_realloc(NULL, (size_t)argc + 1, sizeof(char *));
	int count = 0;

	for (int i = 0; i < argc; i++)
		if (i < at || i >= at + words)
			rest[count++] = argv[i];
	rest[count] = NULL;
	return rest;
}

static enum exit_status no_command(int argc, char **argv)
{
	struct options options = {.json = false};
	bool fine = options_parse(&options, TAKES_EVERYWHERE, argc, argv);
	bool empty = !options.count;

	free(options.arguments);
	if (!fine || !empty)
		return EXIT_USAGE;
	if (options.version) {
		printf("bridge %s\n", bridge_version);
		return EXIT_YES;
	}
	help_overview();
	return options.help ? EXIT_YES : EXIT_USAGE;
}

/* The kernel's random bytes are there already; jansson would open a file. */
static void seed_hashes(void)
{
	const void *bytes = (const void *)(uintptr_t)getauxval(AT_RANDOM);
	size_t seed = 1;

	if (bytes)
		memcpy(&seed, bytes, sizeof(seed));
	json_object_seed(seed);
}

int main(int argc, char **argv)
{
	const struct command *command;
	AUTO_FREE char **rest = NULL;
	enum exit_status status;
	int words;
	int at;

	seed_hashes();
	argc--;
	argv++;
	at = leading_options(argc, argv);
	if (at == argc) {
		status = no_command(argc, argv);
	} else if (!strcmp(argv[at], "help")) {
		status = help(argc - at - 1, argv + at + 1);
	} else {
		command = command_find(argc - at, argv + at, &words);
		if (!command && is_group(argv[at]) &&
			(at + 1 == argc || argv[at + 1][0] == '-')) {
			help_group(argv[at]);
			status = at + 1 < argc ? EXIT_YES : EXIT_USAGE;
		} else if (!command) {
			status = unknown_command(argc - at, argv + at);
		} else {
			rest = without_words(argc, argv, at, words);
			status = run(command, argc - words, rest);
		}
	}
	if (fflush(stdout) || ferror(stdout)) {
		output_error("cannot write the answer to standard output");
		status = EXIT_UNABLE;
	}
	return status;
}
