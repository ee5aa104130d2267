/*
 * Bug: libgit2 never returns from reading a loose object whose file ends too
 * early, as a full disk or a power failure leaves it: it asks zlib for more
 * again and again. Fixed by 5254f5dc4 of August 2026, which no release has
 * yet: 1.9.7 needs this, and the check assumes that 1.10 will not.
 *
 * With this linked in, zlib answers that the data is wrong.
 */
#ifndef CATALOG_INFLATE_TRUNCATED_H
#define CATALOG_INFLATE_TRUNCATED_H

#include "catalog/libgit2/version.h"

#if LIBGIT2_VERSION_CHECK(1, 10, 0)
enum { truncated_is_an_error = 1 };
#else
/* Refer to this, so that the linker takes the object out of its archive. */
extern const int truncated_is_an_error;
#endif

#endif
