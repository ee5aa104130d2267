/*
 * The table of commands: one row each in commands.c. Help, completion and the
 * manual read it, too.
 */
#ifndef CMD_COMMANDS_H
#define CMD_COMMANDS_H

#include "cmd/ui/options.h"

enum command_part {
	PART_BRIDGES,
	PART_CATALOG,
	PART_RUNNING,
	PART_AGENTS,
	COMMAND_PARTS,
	PART_HIDDEN = COMMAND_PARTS /* for programs: no help lists it */
};

struct command {
	const char *name; /* "up", "catalog show" */
	enum exit_status (*run)(const struct options *options);
	const char *arguments; /* "[NAME...]", or "" */
	size_t least, most;    /* number of arguments */
	uint32_t takes;        /* options beyond TAKES_EVERYWHERE */
	enum command_part part;
	const char *summary; /* one line, no full stop */
	const char *about;   /* sentences: what the summary does not say */
	const char *example;
	const char *see; /* other commands: "status, logs" */
};

/* Headings of the overview, in its order. */
extern const char *const command_parts[COMMAND_PARTS];

extern const struct command commands[];
extern const size_t command_count;

#endif
