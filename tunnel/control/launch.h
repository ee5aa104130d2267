/*
 * Starting the supervisor from a client that found none.
 */
#ifndef TUNNEL_START_H
#define TUNNEL_START_H

#include "schema/diag/diag.h"

#include <stdbool.h>

/*
 * Start bridge-supervisor for a state directory, detached from this process
 * and its terminal, and wait until it answers. True also when another one
 * turned out to be there already: connect again either way.
 */
bool launch_supervisor(const char *path, struct diags *diags);

/*
 * Whether a program is a bridge-supervisor that runs and understands what we
 * hand over; asked before a running one becomes it.
 */
bool launch_can_take_over(const char *program, struct diags *diags);

/* Where bridge-supervisor is, seen from this program; malloc'd. */
char *launch_program(void);

#endif
