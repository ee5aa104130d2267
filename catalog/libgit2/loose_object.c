#include "catalog/libgit2/loose_object.h"

#if !LIBGIT2_VERSION_CHECK(1, 9, 3)

#include <git2/sys/odb_backend.h>

/* Exactly this many bytes; fewer are an error. */
static int read_all(git_odb_stream *stream, char *bytes, size_t length)
{
	while (length) {
		int got = stream->read(stream, bytes, length);

		if (got < 0)
			return got;
		if (!got) {
			git_error_set_str(
				GIT_ERROR_ODB, "the data ends too early");
			return GIT_ERROR;
		}
		bytes += got;
		length -= (size_t)got;
	}
	return 0;
}

/* In the place of a backend's own read(). libgit2 checks the hash after it. */
static int read_whole(void **data, size_t *length, git_object_t *type,
	git_odb_backend *backend, const git_oid *id)
{
	git_odb_stream *stream;
	char *bytes;
	int code = backend->readstream(&stream, length, type, backend, id);

	if (code)
		return code;
	bytes = *length < SIZE_MAX
			? git_odb_backend_data_alloc(backend, *length + 1)
			: NULL;
	code = bytes ? read_all(stream, bytes, *length) : GIT_ERROR;
	git_odb_stream_free(stream);
	if (code) {
		git_odb_backend_data_free(backend, bytes);
		return code;
	}
	bytes[*length] = '\0';
	*data = bytes;
	return 0;
}

/* The same for an id of which only the beginning is known. */
static int read_prefix(git_oid *id, void **data, size_t *length,
	git_object_t *type, git_odb_backend *backend, const git_oid *beginning,
	size_t digits)
{
	int code = backend->exists_prefix(id, backend, beginning, digits);

	return code ? code : read_whole(data, length, type, backend, id);
}

int loose_object_make_safe(git_repository *repository)
{
	git_odb *odb;
	int code = git_repository_odb(&odb, repository);

	if (code)
		return code;
	/* The repository's, and those of its alternates; packs have none. */
	for (size_t i = 0; i < git_odb_num_backends(odb); i++) {
		git_odb_backend *backend;

		if (git_odb_get_backend(&backend, odb, i) ||
			!backend->readstream || !backend->exists_prefix)
			continue;
		backend->read = read_whole;
		backend->read_prefix = read_prefix;
	}
	git_odb_free(odb);
	return 0;
}

#endif
