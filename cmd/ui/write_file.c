#include "cmd/ui/write_file.h"

#include "schema/base/write_all.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool failed(const char *path, struct diags *diags)
{
	return diag_errno(
		diags, NULL, RULE_IO_WRITE, "cannot write '%s'", path);
}

/* stdio would keep what did not fit for a second try at exit. */
static bool write_stdout(const struct text *text, struct diags *diags)
{
	if (fwrite(text->data, 1, text->length, stdout) == text->length &&
		!fflush(stdout))
		return true;
	return failed("standard output", diags);
}

/* False with errno set. */
static bool write_in_place(const char *path, int flags, const struct text *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | flags, 0666);
	bool fine = fd >= 0 && write_all(fd, text->data, text->length);
	int saved = errno;

	if (fd >= 0 && close(fd) && fine)
		return false;
	errno = saved;
	return fine;
}

static mode_t mode_of_new_files(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

/* Beside the file, then into its place. False with errno set. */
static bool replace_file(
	const char *path, mode_t mode, const struct text *text, bool *no_room)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	AUTO(text) temporary = TEXT_INIT;
	bool fine;
	int saved;
	int fd;

	text_append_bytes(&temporary, path, (size_t)(base - path));
	text_format(&temporary, ".%.200s.XXXXXX", base);
	fd = mkostemp(temporary.data, O_CLOEXEC);
	*no_room = fd < 0 &&
		   (errno == EACCES || errno == EPERM || errno == EROFS);
	if (fd < 0)
		return false;
	fine = !fchmod(fd, mode) && write_all(fd, text->data, text->length);
	saved = errno;
	if (close(fd) && fine) {
		fine = false;
		saved = errno;
	}
	errno = saved;
	if (fine && !rename(temporary.data, path))
		return true;
	saved = errno;
	unlink(temporary.data);
	errno = saved;
	return false;
}

/* The descriptor that has it open: standard output, standard error, or -1. */
static int already_open(const struct stat *status)
{
	struct stat open;

	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
		if (!fstat(fd, &open) && open.st_dev == status->st_dev &&
			open.st_ino == status->st_ino)
			return fd;
	return -1;
}

bool write_file(const char *path, const struct text *text, struct diags *diags)
{
	AUTO_FREE char *real = NULL;
	struct stat status;
	bool no_room = false;
	bool exists;
	int fd;

	if (!path)
		return write_stdout(text, diags);
	exists = !stat(path, &status);
	fd = exists ? already_open(&status) : -1;
	if (fd >= 0)
		return (!fflush(stdout) &&
			       write_all(fd, text->data, text->length)) ||
		       failed(path, diags);
	if (exists && !S_ISREG(status.st_mode))
		return write_in_place(path, 0, text) || failed(path, diags);
	real = exists ? realpath(path, NULL) : NULL;
	if (replace_file(real ? real : path,
		    exists ? status.st_mode & 07777 : mode_of_new_files(), text,
		    &no_room))
		return true;
	/* A folder that takes no new files: then there is but this way. */
	if (exists && no_room && write_in_place(path, O_TRUNC, text))
		return true;
	return failed(path, diags);
}

/* The folder as it really is, and the name in it; malloc'd. */
static char *place_of_file(const char *path)
{
	const char *slash = strrchr(path, '/');
	AUTO_FREE char *folder = own_strndup(
		slash ? path : ".", slash ? (size_t)(slash - path) + 1 : 1);
	AUTO_FREE char *real = realpath(folder, NULL);
	AUTO(text) text = TEXT_INIT;

	text_format(
		&text, "%s/%s", real ? real : folder, slash ? slash + 1 : path);
	return text_detach(&text);
}

bool write_file_is_same(const char *a, const char *b)
{
	AUTO_FREE char *x = place_of_file(a);
	AUTO_FREE char *y = place_of_file(b);
	struct stat first;
	struct stat second;

	if (!strcmp(x, y))
		return true;
	return !stat(a, &first) && !stat(b, &second) &&
	       S_ISREG(first.st_mode) && first.st_dev == second.st_dev &&
	       first.st_ino == second.st_ino;
}
