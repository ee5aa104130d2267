/*
 * For whoever debugs the supervisor: with BRIDGE_TRACE=/absolute/file in the
 * environment of the command that starts it, a line there for every event of
 * the state machine, every ssh with its arguments, every line ssh says and
 * every request. Without it nothing is done.
 */
#ifndef TUNNEL_TRACE_H
#define TUNNEL_TRACE_H

#include "schema/base/alloc.h"

#include <stdbool.h>

/* Once, at the start. A file that cannot be opened is said on stderr. */
void trace_open(void);

bool trace_is_on(void);

/*
 * "12:34:56.789012 WHAT NAME MESSAGE", control characters made visible. `name`
 * may be NULL.
 */
void trace(const char *what, const char *name, const char *format, ...)
	PRINTF(3, 4);

/* The arguments of a process, each in quotes. */
void trace_argv(const char *what, int pid, char *const *argv);

#endif
