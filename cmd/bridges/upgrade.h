/*
 * `bridge supervise --upgrade`: the running supervisor becomes this version's
 * program, its ssh processes stay.
 */
#ifndef CMD_UPGRADE_H
#define CMD_UPGRADE_H

#include "cmd/ui/options.h"

enum exit_status upgrade_supervisor(const struct options *options);

/*
 * This process becomes the program that has been put in the place of its own,
 * with the same arguments. Only comes back when that is not possible.
 */
void upgrade_self(void);

#endif
