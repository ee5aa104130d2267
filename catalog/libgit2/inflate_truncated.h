/*
 * libgit2 1.5 never returns from reading a loose object whose file ends too
 * early, as a full disk or a power failure leaves it: it asks zlib for more
 * again and again. With this linked in, zlib answers that the data is wrong.
 */
#ifndef CATALOG_INFLATE_TRUNCATED_H
#define CATALOG_INFLATE_TRUNCATED_H

/* Refer to this, so that the linker takes the object out of its archive. */
extern const int truncated_is_an_error;

#endif
