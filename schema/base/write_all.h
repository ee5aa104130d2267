#ifndef SCHEMA_WRITE_ALL_H
#define SCHEMA_WRITE_ALL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * write(2) until every byte is written, over signals and short writes. False
 * with errno set when one fails: how much was written is not known then.
 */
bool write_all(int fd, const void *bytes, size_t length);

#endif
