/*
 * Whether the working tree differs from the commit that is read.
 */
#ifndef CATALOG_WORKTREE_STATUS_H
#define CATALOG_WORKTREE_STATUS_H

#include "catalog/git/revision.h"

#include <pthread.h>

/*
 * Does what a catalog reads in the working tree, below its root, differ from
 * the commit that was opened? Asked of HEAD alone: false for every other
 * revision, and in bare repositories. Looks at every file below the root: some
 * 50 ms for 20,000.
 */
bool worktree_status_differs(const struct revision *revision);

/*
 * The same, found out beside the real work: in a large repository the look at
 * every file takes as long as judging them. On a thread and with a repository
 * handle of its own.
 */
struct worktree_status {
	pthread_t thread;
	const char *path;
	bool strict;
	bool started, differs;
};

/* `path` as for revision_open(); it must stay until the answer is there. */
void worktree_status_start(struct worktree_status *status, const char *path,
	const struct revision *revision, bool strict);

/* Wait for the answer; false when nothing was started. */
bool worktree_status_finish(struct worktree_status *status);

#endif
