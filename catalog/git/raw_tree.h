/*
 * A tree object's bytes, entry by entry: each is "<octal mode> <name>\0<20
 * bytes of id>". libgit2 parses a tree of ten thousand entries several times
 * slower than this searches it.
 */
#ifndef CATALOG_RAW_TREE_H
#define CATALOG_RAW_TREE_H

#include "catalog/git/revision_entry.h"

#include <git2.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * One step through a tree's bytes; false at the end, and at anything that is
 * no entry.
 */
bool raw_tree_next(
	const char **at, const char *end, struct revision_entry *entry);

/* The entry of this name; false when there is none. */
bool raw_tree_find(git_odb_object *tree, const char *name, size_t length,
	struct revision_entry *entry);

#endif
