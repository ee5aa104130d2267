/*
 * Bug: libgit2 believes the index of several packs as it does that of one, in
 * the same versions: see pack_index.h. The format: gitformat-pack(5),
 * "multi-pack-index".
 */
#ifndef CATALOG_MULTI_PACK_INDEX_H
#define CATALOG_MULTI_PACK_INDEX_H

#include <stdbool.h>

/*
 * Does every object that the file names lie inside its pack, in the same
 * folder? True also when there is no such file.
 */
bool multi_pack_index_fits(const char *path);

#endif
