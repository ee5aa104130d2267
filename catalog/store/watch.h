/*
 * Learning that what a name such as "main" means may have changed, or that
 * tunnels.yaml has been written, without looking again and again: inotify(7)
 * on the folders in which Git keeps its references (gitrepository-layout(5))
 * and on the file's own; on the index for INDEX, on the catalog's folders for
 * WORKTREE. What has changed is for the caller to find out.
 */
#ifndef CATALOG_WATCH_H
#define CATALOG_WATCH_H

#include "catalog/git/revision.h"

#include <stdbool.h>

struct watch;

/*
 * `revision` and `file` may be NULL. A folder that cannot be watched makes it
 * incomplete; NULL only when nothing at all can be. Close it with
 * watch_close(), which accepts NULL.
 */
struct watch *watch_open(const struct revision *revision, const char *file);
void watch_close(struct watch *watch);

/* Readable when something has happened. */
int watch_fd(const struct watch *watch);

/* Not everything is watched: look from time to time. */
bool watch_is_incomplete(const struct watch *watch);

/* Take what has happened; true when it may matter. Does not wait. */
bool watch_take(struct watch *watch);

#endif
