/*
 * The files that `bridge catalog init` writes: those of cmd/init/, inside the
 * binary.
 */
#ifndef CMD_CATALOG_INIT_FILES_H
#define CMD_CATALOG_INIT_FILES_H

#include <stddef.h>

struct init_file {
	const char *path; /* in the new folder */
	const char *bytes, *end;
};

extern const struct init_file init_files[];
extern const size_t init_file_count;

#endif
