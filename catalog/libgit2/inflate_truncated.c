/*
 * Stands before zlib's own function in the dynamic linker's search order.
 * libgit2 gives a loose object's whole file as input at once, and a pack in
 * windows that are never empty: a call that has no input and gives no output,
 * though there is room for it, would be repeated for ever.
 */
#include "catalog/libgit2/inflate_truncated.h"

#if !LIBGIT2_VERSION_CHECK(1, 10, 0)

#include <dlfcn.h>
#include <stddef.h>
#include <zlib.h>

const int truncated_is_an_error = 1;

/* z_stream has a pointer to bytes that can be written to. */
static char message[] = "the data ends too early";

static int (*real)(z_streamp stream, int flush);

/* Before there are threads. */
__attribute__((constructor)) static void find_real(void)
{
	*(void **)&real = dlsym(RTLD_NEXT, "inflate");
}

int inflate(z_streamp stream, int flush)
{
	uLong in = stream->total_in;
	uLong out = stream->total_out;
	int code = real(stream, flush);

	if (code == Z_BUF_ERROR && !stream->avail_in && stream->avail_out &&
		stream->total_in == in && stream->total_out == out) {
		stream->msg = message;
		return Z_DATA_ERROR;
	}
	return code;
}

#endif
