/*
 * Writing what a user asked for to where the user said.
 */
#ifndef CMD_WRITE_FILE_H
#define CMD_WRITE_FILE_H

#include "schema/base/text.h"
#include "schema/diag/diag.h"

/*
 * To a file, or to standard output when the path is NULL. A file is replaced
 * as a whole: when the disk is full, what was there is kept. A symbolic link
 * stays one, the mode stays what it was; a device, a pipe, or what standard
 * output already is, is written to as it is. An error is io/write.
 */
bool write_file(const char *path, const struct text *text, struct diags *diags);

/* Do both name the same file, there or not there yet? */
bool write_file_is_same(const char *a, const char *b);

#endif
