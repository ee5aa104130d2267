/*
 * Keeps git_libgit2_init() from making TLS and ssh ready for remotes, which
 * takes longer than everything else a command does.
 */
#ifndef CATALOG_NO_TLS_H
#define CATALOG_NO_TLS_H

/* Refer to this, so that the linker takes the object out of its archive. */
extern const int no_tls;

#endif
