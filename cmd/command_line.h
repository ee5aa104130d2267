/*
 * Which words of a command line are the command: options and their values may
 * stand before, between and behind them.
 */
#ifndef CMD_COMMAND_LINE_H
#define CMD_COMMAND_LINE_H

#include "cmd/commands.h"

struct command_line {
	const struct command *command; /* NULL: they name none */
	const char *first, *second;    /* that are no options; or NULL */
	int at[2];                     /* where; of these, */
	int count;                     /* so many are the command's */
};

struct command_line command_line_find(int argc, char **argv);

/* argv without the command's own words, NULL-terminated; malloc'd. */
char **command_line_rest(
	const struct command_line *words, int argc, char **argv);

/* "catalog": are there commands of two words that begin with this one? */
bool command_line_is_group(const char *word);

/*
 * Say what there is instead of `first` and `second` (which may be NULL), the
 * nearest if there is one near.
 */
void command_line_unknown(const char *first, const char *second);

#endif
