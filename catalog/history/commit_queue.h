/*
 * Commits still to be looked at, each for what lies at one path in it. The
 * newest comes first; one that comes again with the same path is dropped.
 */
#ifndef CATALOG_COMMIT_QUEUE_H
#define CATALOG_COMMIT_QUEUE_H

#include "catalog/history/oid_set.h"

struct pending {
	git_commit *commit;
	char *path;
};

struct commit_queue {
	struct pending *list; /* few: one for each branch that is followed */
	size_t count, capacity;
	struct oid_set seen;
};

#define COMMIT_QUEUE_INIT                                                      \
	{                                                                      \
		.list = NULL, .seen = OID_SET_INIT                             \
	}

void commit_queue_release(struct commit_queue *queue);

/* Takes the commit over; the path is copied. */
void commit_queue_push(
	struct commit_queue *queue, git_commit *commit, const char *path);

/* Of what was pushed from the index `first` on, only the last stays. */
void commit_queue_keep_last(struct commit_queue *queue, size_t first);

/* False when none is left. */
bool commit_queue_pop(struct commit_queue *queue, struct pending *pending);

void pending_release(struct pending *pending);

#endif
