/*
 * Which words of a command line are the command: options and their values may
 * stand before, between and behind them.
 */
#ifndef CMD_WORDS_H
#define CMD_WORDS_H

#include "cmd/commands.h"

struct words {
	const struct command *command; /* NULL: they name none */
	const char *first, *second;    /* that are no options; or NULL */
	int at[2];                     /* where; of these, */
	int count;                     /* so many are the command's */
};

struct words words_find(int argc, char **argv);

/* argv without the command's own words, NULL-terminated; malloc'd. */
char **words_rest(const struct words *words, int argc, char **argv);

/* "catalog": are there commands of two words that begin with this one? */
bool words_is_group(const char *word);

/*
 * Say what there is instead of `first` and `second` (which may be NULL), the
 * nearest if there is one near.
 */
void words_unknown(const char *first, const char *second);

#endif
