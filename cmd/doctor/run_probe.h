/*
 * Another program, run for what it says: with a deadline, its output bounded,
 * and ended when nobody needs it any more.
 */
#ifndef CMD_DOCTOR_RUN_PROBE_H
#define CMD_DOCTOR_RUN_PROBE_H

#include "schema/base/text.h"

#include <stdbool.h>

struct probe {
	/* What to run, and how; the rest is the result. */
	const char *const *argv;
	int directory;     /* to run in, or -1 for / */
	const char *input; /* its standard input, or NULL for none */
	const char *until; /* end it once its stderr has this, or NULL */
	unsigned timeout_ms;

	struct text out, err; /* NUL bytes are left out */
	bool started;
	bool timed_out;
	bool seen;  /* `until` was */
	int status; /* exit status; -1 after a signal, 127 without a program */
};

#define PROBE_INIT                                                             \
	{                                                                      \
		.directory = -1, .out = TEXT_INIT, .err = TEXT_INIT            \
	}

void probe_release(struct probe *probe);

/* Wait until it has ended. It sees no terminal and no askpass program. */
void probe_run(struct probe *probe);

#endif
