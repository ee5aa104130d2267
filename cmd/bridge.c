/*
 * `bridge`: the command that the words name, with its options; the exit status
 * is what it returns.
 */
#include "cmd/command_line.h"
#include "cmd/help.h"
#include "cmd/ui/output.h"
#include "schema/base/version.h"

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

static enum exit_status help(int argc, char **argv)
{
	struct command_line words = command_line_find(argc, argv);

	if (!words.first || !strcmp(words.first, "help"))
		help_overview();
	else if (words.command && (words.count == 2 || !words.second))
		help_command(words.command);
	else if (!words.second && command_line_is_group(words.first))
		help_group(words.first);
	else {
		command_line_unknown(words.first, words.second);
		return EXIT_USAGE;
	}
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
	else if (command_line_is_group(command->name))
		command_line_unknown(command->name, options->arguments[0]);
	else if (!command->most)
		output_error("`bridge %s` takes no argument, but was given "
			     "'%s'; see `bridge help %s`",
			command->name, options->arguments[0], command->name);
	else
		output_error("`bridge %s` takes only %s, but was given '%s', "
			     "too",
			command->name, command->arguments,
			options->arguments[command->most]);
	return false;
}

/* What was wrong has been said; this is what to type next. */
static void say_where(const struct command *command)
{
	if (command->part != PART_HIDDEN)
		output_note("see `bridge help %s`", command->name);
}

static enum exit_status run_command(
	const struct command *command, int argc, char **argv)
{
	struct options options = {.wait_seconds = 10, .lines = 50};
	enum exit_status status = EXIT_USAGE;

	if (!options_parse(
		    &options, command->takes | TAKES_EVERYWHERE, argc, argv)) {
		say_where(command);
		goto done;
	}
	output_init(options.color);
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
	if (check_count(command, &options)) {
		status = command->run(&options);
		if (status == EXIT_USAGE)
			say_where(command);
	}
done:
	free(options.arguments);
	return status;
}

/* Only options, or only the first word of several commands, its group. */
static enum exit_status no_command(const char *group, int argc, char **argv)
{
	struct options options = {.json = false};
	bool fine = options_parse(&options, TAKES_EVERYWHERE, argc, argv);
	bool empty = options.count == (group ? 1 : 0);

	free(options.arguments);
	if (fine && !empty)
		output_error("a command is missing; see `bridge help`");
	if (!fine || !empty)
		return EXIT_USAGE;
	if (options.version) {
		printf("bridge %s\n", bridge_version);
		return EXIT_YES;
	}
	if (group)
		help_group(group);
	else
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
	AUTO_FREE char **rest = NULL;
	enum exit_status status = EXIT_USAGE;
	struct command_line words;

	seed_hashes();
	argc--;
	argv++;
	words = command_line_find(argc, argv);
	if (words.first && !strcmp(words.first, "help")) {
		status = help(argc - words.at[0] - 1, argv + words.at[0] + 1);
	} else if (words.command) {
		rest = command_line_rest(&words, argc, argv);
		status = run_command(words.command, argc - words.count, rest);
	} else if (!words.first ||
		   (!words.second && command_line_is_group(words.first))) {
		status = no_command(words.first, argc, argv);
	} else {
		command_line_unknown(words.first, words.second);
	}
	if (fflush(stdout) || ferror(stdout)) {
		output_error("cannot write the answer to standard output");
		status = EXIT_UNABLE;
	}
	return status;
}
