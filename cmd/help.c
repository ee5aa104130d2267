#include "cmd/help.h"

#include "schema/base/alloc.h"

#include <stdio.h>
#include <string.h>

static void print_command(const struct command *command)
{
	char left[64];

	snprintf(left, sizeof(left), "%s%s%s", command->name,
		*command->arguments ? " " : "", command->arguments);
	printf("  %-28s %s\n", left, command->summary);
}

enum { HELP_WIDTH = 78, OPTION_COLUMN = 27 };

/*
 * Words in lines of HELP_WIDTH at most, from this column on; the first line has
 * been begun up to there.
 */
static void print_wrapped(const char *text, int indent)
{
	int column = indent;

	while (*text) {
		int length = (int)strcspn(text, " ");

		if (column > indent && column + 1 + length > HELP_WIDTH) {
			printf("\n%*s", indent, "");
			column = indent;
		}
		printf("%s%.*s", column > indent ? " " : "", length, text);
		column += length + (column > indent);
		text += length;
		text += strspn(text, " ");
	}
	putchar('\n');
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
		printf("  %-24s ", left);
		print_wrapped(row->help, OPTION_COLUMN);
	}
}

void help_overview(void)
{
	puts("bridge - named SSH reverse tunnels that stay up\n\n"
	     "usage: bridge COMMAND [OPTION...] [ARGUMENT...]");
	for (int part = 0; part < COMMAND_PARTS; part++) {
		printf("\n%s:\n", command_parts[part]);
		for (size_t i = 0; i < command_count; i++)
			if ((int)commands[i].part == part)
				print_command(&commands[i]);
	}
	puts("\nEverywhere: --config FILE, --catalog PATH, --rev REV, --json, "
	     "--color WHEN,\n-q, -v, -h, --version; `bridge help COMMAND` says "
	     "what they are.");
	puts("\nExit: 0 yes, 1 the answer is no, 2 usage, 3 could not run.\n"
	     "Begin with `bridge catalog init ops`.");
}

static bool print_group(const char *group, const char *title)
{
	size_t length = strlen(group);
	bool any = false;

	for (size_t i = 0; i < command_count; i++) {
		if (strncmp(commands[i].name, group, length) ||
			commands[i].name[length] != ' ')
			continue;
		if (!any)
			puts(title);
		any = true;
		print_command(&commands[i]);
	}
	return any;
}

void help_group(const char *group)
{
	printf("usage: bridge %s COMMAND\n", group);
	print_group(group, "");
	printf("\n`bridge help %s COMMAND` says more about one of them.\n",
		group);
}

void help_command(const struct command *command)
{
	printf("usage: bridge %s [OPTION...]%s%s\n\n%c%s.\n", command->name,
		*command->arguments ? " " : "", command->arguments,
		command->summary[0] - 'a' + 'A', command->summary + 1);
	print_wrapped(command->about, 0);
	print_group(command->name, "\nCommands:");
	if (command->takes) {
		puts("\nOptions:");
		print_options(command->takes);
	}
	puts("\nOptions everywhere:");
	print_options(TAKES_EVERYWHERE);
	printf("\nExample:\n  %s\n\nSee also: %s\n", command->example,
		command->see);
}
