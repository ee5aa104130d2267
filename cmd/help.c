#include "cmd/command.h"
#include "schema/own.h"

#include <stdio.h>
#include <string.h>

static void print_command(const struct command *command)
{
	char left[64];

	snprintf(left, sizeof(left), "%s%s%s", command->name,
		*command->arguments ? " " : "", command->arguments);
	printf("  %-28s %s\n", left, command->summary);
}

static void print_options(uint32_t takes)
{
	for (int id = 0; id < OPTION_IDS; id++) {
		const struct option_row *row = &option_rows[id];
		char left[64];

		if (!(takes >> id & 1))
			continue;
		snprintf(left, sizeof(left), "%s%c%s--%s%s%s",
			row->letter ? "-" : " ",
			row->letter ? row->letter : ' ',
			row->letter ? ", " : "  ", row->name,
			row->argument ? " " : "",
			row->argument ? row->argument : "");
		printf("  %-24s %s\n", left, row->help);
	}
}

void help_overview(void)
{
	puts("bridge - named SSH reverse tunnels that stay up\n\n"
	     "usage: bridge COMMAND [OPTION...] [ARGUMENT...]\n\n"
	     "Commands:");
	for (size_t i = 0; i < command_count; i++)
		print_command(&commands[i]);
	puts("\nOptions everywhere:");
	print_options(TAKES_EVERYWHERE);
	puts("\nExit: 0 yes, 1 the answer is no, 2 usage, 3 could not run.\n"
	     "`bridge help COMMAND` says more about one of them.");
}

void help_group(const char *group)
{
	size_t length = strlen(group);

	printf("usage: bridge %s COMMAND\n\nCommands:\n", group);
	for (size_t i = 0; i < command_count; i++)
		if (!strncmp(commands[i].name, group, length) &&
			(commands[i].name[length] == ' ' ||
				!commands[i].name[length]))
			print_command(&commands[i]);
}

void help_command(const struct command *command)
{
	printf("usage: bridge %s [OPTION...]%s%s\n\n%c%s.\n", command->name,
		*command->arguments ? " " : "", command->arguments,
		command->summary[0] - 'a' + 'A', command->summary + 1);
	if (command->takes) {
		puts("\nOptions:");
		print_options(command->takes);
	}
	puts("\nOptions everywhere:");
	print_options(TAKES_EVERYWHERE);
	printf("\nExample:\n  %s\n", command->example);
}
