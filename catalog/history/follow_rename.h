/*
 * Under which path a definition was known before one commit.
 */
#ifndef CATALOG_FOLLOW_RENAME_H
#define CATALOG_FOLLOW_RENAME_H

#include <git2.h>
#include <stdbool.h>

struct diags;
struct revision;

/*
 * `path` is in the commit and not in its parent. *earlier is the path of the
 * same kind that the commit took away and that is its older one, malloc'd, or
 * NULL:
 *
 *	the same id, in another domain, with another ending or at another
 *	place of the catalog: in this catalog an id is a definition's name
 *	of a domain, the one whose documents came into it
 *	what is equal or alike: see similarity.h
 *
 * False after an error: something that was taken away and may be it cannot be
 * read.
 */
bool follow_rename_path(char **earlier, struct revision *revision,
	git_commit *parent, git_commit *commit, const char *path,
	struct diags *diags);

/*
 * The commit has a catalog at `root` ("" or "ops/") and its parent has none
 * there. *earlier is where documents of it were taken away, malloc'd, or NULL
 * when it has not moved.
 */
bool follow_rename_root(char **earlier, struct revision *revision,
	git_commit *parent, git_commit *commit, const char *root,
	struct diags *diags);

#endif
