/*
 * Keeps git_libgit2_init() from making TLS and ssh ready for remotes, which
 * takes longer than everything else a command does.
 *
 * A cost rather than a bug, with mbedTLS and libssh2, which Debian's libgit2
 * uses (12: 1.5, 13: 1.9). Upstream does so as of August 2026 (0551dfd4a,
 * after 1.9.7): every version needs this, so no check of the version stands
 * around it.
 */
#ifndef CATALOG_NO_TLS_H
#define CATALOG_NO_TLS_H

/* Refer to this, so that the linker takes the object out of its archive. */
extern const int no_tls;

#endif
