#include "catalog/git/worktree_status.h"

#include <string.h>

static void *look(void *data)
{
	struct dirty_check *check = data;
	AUTO(diags) unheard = DIAGS_INIT;
	struct revision *revision = NULL;

	if (revision_open(
		    &revision, check->path, "HEAD", check->strict, &unheard))
		check->dirty = revision_is_dirty(revision);
	revision_close(revision);
	return NULL;
}

void dirty_check_start(struct dirty_check *check, const char *path,
	const struct revision *revision, bool strict)
{
	*check = (struct dirty_check){.path = path, .strict = strict};
	if (revision_kind(revision) != REVISION_COMMIT ||
		strcmp(revision_name(revision), "HEAD") != 0)
		return;
	check->started = !pthread_create(&check->thread, NULL, look, check);
}

bool dirty_check_finish(struct dirty_check *check)
{
	if (check->started)
		pthread_join(check->thread, NULL);
	check->started = false;
	return check->dirty;
}
