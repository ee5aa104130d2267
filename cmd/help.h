/*
 * What --help and `bridge help` print, from the tables of commands and options.
 */
#ifndef CMD_HELP_H
#define CMD_HELP_H

#include "cmd/commands.h"

void help_overview(void);
void help_group(const char *group);
void help_command(const struct command *command);

#endif
