/*
 * Bug: libgit2 believes the index of a pack. An object that it places behind
 * the pack's end is read from there, and the process dies. Not fixed as of
 * August 2026 (0551dfd4a, after 1.9.7): every version needs this, so no check
 * of the version stands around it.
 *
 * So every offset is compared with the pack's size before: a millisecond for a
 * million objects.
 *
 * The format: gitformat-pack(5), "pack-*.idx files".
 */
#ifndef CATALOG_PACK_INDEX_H
#define CATALOG_PACK_INDEX_H

#include "schema/base/text.h"

#include <git2.h>
#include <stdbool.h>

/*
 * Do the indexes of all packs fit, the repository's and its alternates'? When
 * one does not, its path is appended to `wrong`.
 */
bool pack_indexes_fit(git_repository *repository, struct text *wrong);

#endif
