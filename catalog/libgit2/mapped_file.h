/*
 * A binary file of Git's that is looked at before libgit2 believes it: its
 * bytes in place, and the numbers in them. Needed as long as pack_index.h is.
 */
#ifndef CATALOG_MAPPED_FILE_H
#define CATALOG_MAPPED_FILE_H

#include <stdbool.h>
#include <stdint.h>

struct mapped_file {
	const unsigned char *bytes;
	uint64_t length;
};

#define MAPPED_FILE_INIT                                                       \
	{                                                                      \
		.bytes = NULL                                                  \
	}

/* False where there is no plain file that can be read, or nothing in it. */
bool mapped_file_open(struct mapped_file *file, const char *path);

void mapped_file_release(struct mapped_file *file);

/* Of so many bytes, at most 8, the highest first. */
uint64_t mapped_file_number(const unsigned char *at, unsigned bytes);

#endif
