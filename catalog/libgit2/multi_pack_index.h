/*
 * The index of several packs, which libgit2 1.5 believes as it does that of
 * one: see pack_index.h. The format: gitformat-pack(5), "multi-pack-index".
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
