/*
 * Starting the supervisor: from a client that found none, and in the new
 * process until its loop runs.
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
bool supervisor_start(const char *path, struct diags *diags);

/*
 * What bridge-supervisor does: take the directory's lock, listen, run. An
 * exit status. ready_fd (or -1) is told "ready", "busy" or what is wrong.
 */
int supervisor_main(const char *path, int ready_fd);

/* The same with what another program has handed over:
 * tunnel/supervisor/handover.h. */
int supervisor_go_on(int handover_fd);

/*
 * Whether a program is a bridge-supervisor that runs and understands what we
 * hand over; asked before a running one becomes it.
 */
bool supervisor_can_take_over(const char *program, struct diags *diags);

/* Where bridge-supervisor is, seen from this program; malloc'd. */
char *supervisor_program(void);

#endif
