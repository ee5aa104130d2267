#include "catalog/store/worktree_status.h"

#include "catalog/document/document_path.h"
#include "catalog/git/repository.h"

#include <stdlib.h>
#include <string.h>

struct scan {
	size_t prefix; /* length of the root's path */
	bool found;
};

/* One difference is enough; notes and drafts beside the catalog are none. */
static int stop_at_first(const char *path, unsigned flags, void *data)
{
	struct scan *scan = data;

	(void)flags;
	if (strlen(path) > scan->prefix &&
		!document_path_is_read(path + scan->prefix))
		return 0;
	scan->found = true;
	return 1;
}

bool worktree_status_differs(const struct revision *revision)
{
	git_status_options options = {.version = GIT_STATUS_OPTIONS_VERSION};
	git_repository *repository = revision_repository(revision);
	AUTO_FREE char *folder = own_strdup(revision_prefix(revision));
	AUTO(text) index = TEXT_INIT;
	struct scan scan = {.prefix = strlen(folder)};

	if (revision_kind(revision) != REVISION_COMMIT ||
		strcmp(revision_name(revision), "HEAD") != 0 ||
		git_repository_is_bare(repository))
		return false;
	text_format(&index, "%sindex", git_repository_path(repository));
	if (!repository_index_fits(index.data))
		return false;
	options.show = GIT_STATUS_SHOW_INDEX_AND_WORKDIR;
	options.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED |
			GIT_STATUS_OPT_EXCLUDE_SUBMODULES |
			GIT_STATUS_OPT_DISABLE_PATHSPEC_MATCH;
	options.pathspec.strings = &folder;
	options.pathspec.count = *folder ? 1 : 0;
	git_status_foreach_ext(repository, &options, stop_at_first, &scan);
	return scan.found;
}

static void *look(void *data)
{
	struct worktree_status *status = data;
	AUTO(diags) unheard = DIAGS_INIT;
	struct revision *revision = NULL;

	if (revision_open(
		    &revision, status->path, "HEAD", status->strict, &unheard))
		status->differs = worktree_status_differs(revision);
	revision_close(revision);
	return NULL;
}

void worktree_status_start(struct worktree_status *status, const char *path,
	const struct revision *revision, bool strict)
{
	*status = (struct worktree_status){.path = path, .strict = strict};
	if (revision_kind(revision) != REVISION_COMMIT ||
		strcmp(revision_name(revision), "HEAD") != 0)
		return;
	status->started = !pthread_create(&status->thread, NULL, look, status);
}

bool worktree_status_finish(struct worktree_status *status)
{
	if (status->started)
		pthread_join(status->thread, NULL);
	status->started = false;
	return status->differs;
}
