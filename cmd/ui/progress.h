/*
 * One line on stderr while something takes its time, for who sits in front of
 * it: none where stderr is no terminal, none with -q, and none before it has
 * taken a moment. It is gone when the answer is printed.
 */
#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

#include "cmd/ui/options.h"
#include "schema/base/text.h"

struct progress {
	bool possible, shown;
	int64_t begun; /* CLOCK_MONOTONIC, milliseconds */
};

void progress_begin(struct progress *progress, const struct options *options);

/* How long one may wait until progress_show() has something new; -1: for ever.
 */
int64_t progress_next(const struct progress *progress);

/* Seconds since the beginning are added to `line`, which is cut to fit. */
void progress_show(struct progress *progress, const struct text *line);

void progress_end(struct progress *progress);

#endif
