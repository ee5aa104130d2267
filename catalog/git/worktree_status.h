/*
 * Whether the working tree differs from the commit that is read, found out
 * beside the real work: in a large repository the look at every file takes as
 * long as judging them. On a thread and with a repository handle of its own.
 */
#ifndef CATALOG_DIRTY_H
#define CATALOG_DIRTY_H

#include "catalog/git/revision.h"

#include <pthread.h>

struct dirty_check {
	pthread_t thread;
	const char *path;
	bool strict;
	bool started, dirty;
};

/* `path` as for revision_open(); it must stay until the check is finished. */
void dirty_check_start(struct dirty_check *check, const char *path,
	const struct revision *revision, bool strict);

/* Wait for the answer; false when nothing was started. */
bool dirty_check_finish(struct dirty_check *check);

#endif
