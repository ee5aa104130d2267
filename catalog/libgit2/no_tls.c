/*
 * Debian's libgit2 makes itself ready for remotes as soon as it starts:
 * mbedTLS parses every certificate of the system and gathers entropy, more
 * than half of a short command's time, and libssh2 sets OpenSSL up. This
 * program never opens a transport: it reads repositories that are already here.
 * The functions below stand before the libraries' own in the dynamic linker's
 * search order and do nothing, so an https connection, were one ever made,
 * would fail its certificate check, and libssh2 is set up by its first session
 * instead.
 *
 * Where libgit2 uses other libraries nothing calls them.
 */
#include "catalog/libgit2/no_tls.h"

#include <stddef.h>

int mbedtls_x509_crt_parse_file(void *chain, const char *path);
int mbedtls_x509_crt_parse_path(void *chain, const char *path);
int libssh2_init(int flags);
void mbedtls_entropy_init(void *context);
int mbedtls_ctr_drbg_seed(void *context,
	int (*entropy)(void *, unsigned char *, size_t), void *data,
	const unsigned char *custom, size_t length);

const int no_tls = 1;

int mbedtls_x509_crt_parse_file(void *chain, const char *path)
{
	(void)chain;
	(void)path;
	return 0;
}

int mbedtls_x509_crt_parse_path(void *chain, const char *path)
{
	(void)chain;
	(void)path;
	return 0;
}

int libssh2_init(int flags)
{
	(void)flags;
	return 0;
}

/* Would take the timing of a million instructions for entropy. */
void mbedtls_entropy_init(void *context)
{
	(void)context;
}

int mbedtls_ctr_drbg_seed(void *context,
	int (*entropy)(void *, unsigned char *, size_t), void *data,
	const unsigned char *custom, size_t length)
{
	(void)context;
	(void)entropy;
	(void)data;
	(void)custom;
	(void)length;
	return 0;
}
