/*
 * Debian's libgit2 is built with mbedTLS, and its start parses every
 * certificate of the system, more than half of a short command's time, to be
 * ready for https remotes. This program never opens a transport: it reads
 * repositories that are already here. The two functions below stand before
 * mbedTLS's own in the dynamic linker's search order and load nothing, so an
 * https connection, were one ever made, would fail its certificate check.
 *
 * Where libgit2 uses another TLS library nothing calls them.
 */
#include "catalog/no_tls.h"

int mbedtls_x509_crt_parse_file(void *chain, const char *path);
int mbedtls_x509_crt_parse_path(void *chain, const char *path);

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
