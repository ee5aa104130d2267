/*
 * The command that gets an object back. Each can be pasted into a shell, from
 * any folder; what they name is read from the repository's configuration, and
 * nothing is run.
 */
#ifndef CATALOG_REPAIR_COMMAND_H
#define CATALOG_REPAIR_COMMAND_H

#include "schema/base/text.h"

#include <git2.h>

/* "git -C <the repository's top> ", for a command that follows. */
void repair_command_git(struct text *out, git_repository *repository);

/* Of one that was never there, or is no longer. */
void repair_command_missing(struct text *out, git_repository *repository);

/* Of one whose content is wrong; `hex` may be "" when nobody knows which. */
void repair_command_damaged(
	struct text *out, git_repository *repository, const char *hex);

#endif
