#include "catalog/git/revision_worktree.h"

#include "catalog/git/repository_path.h"
#include "catalog/git/revision_internal.h"
#include "catalog/git/revision_path.h"

#include "schema/yaml/parse.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

static void close_worktree(struct revision *revision)
{
	if (revision->root_fd >= 0)
		close(revision->root_fd);
	if (revision->folder_fd >= 0)
		close(revision->folder_fd);
	free(revision->folder);
}

static const char *mode_name(mode_t mode)
{
	if (S_ISLNK(mode))
		return "a symbolic link";
	if (S_ISFIFO(mode))
		return "a named pipe";
	if (S_ISSOCK(mode))
		return "a socket";
	if (S_ISDIR(mode))
		return "a folder";
	return "a device";
}

static enum entry_kind file_kind(mode_t mode)
{
	if (S_ISREG(mode))
		return ENTRY_FILE;
	return S_ISDIR(mode) ? ENTRY_FOLDER : ENTRY_OTHER;
}

static bool cannot_read(
	const struct revision *revision, const char *path, struct diags *diags)
{
	AUTO(text) shown = TEXT_INIT;
	struct source source;
	int number = errno;
	struct origin at = revision_path_origin(
		revision, path, &source, &shown);

	errno = number;
	return diag_errno(
		diags, &at, RULE_IO_READ, "cannot read '%s'", shown.data);
}

/*
 * One folder down. *fd is -1, without an error, when it does not exist or is
 * a plain file.
 */
static bool step(struct revision *revision, int from, const char *part,
	const char *path, int *fd, struct diags *diags)
{
	struct stat status;

	*fd = openat(from, part, FOLDER_FLAGS);
	if (*fd >= 0 || errno == ENOENT)
		return true;
	if (errno != ENOTDIR && errno != ELOOP)
		return cannot_read(revision, path, diags);
	if (fstatat(from, part, &status, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT || cannot_read(revision, path, diags);
	if (S_ISREG(status.st_mode))
		return true;
	return revision_path_not_a_file(
		revision, path, mode_name(status.st_mode), diags);
}

/* Down to a folder; the path is cut and put together again on the way. */
static bool walk_folders(
	struct revision *revision, char *path, int *fd, struct diags *diags)
{
	int from = revision->root_fd;

	for (char *part = path; part;) {
		char *slash = strchr(part, '/');
		bool good;

		if (slash)
			*slash = '\0';
		good = step(revision, from, part, path, fd, diags);
		if (slash)
			*slash++ = '/';
		if (from != revision->root_fd)
			close(from);
		if (!good)
			return false;
		from = *fd;
		part = from < 0 ? NULL : slash;
	}
	return true;
}

/*
 * The folder's descriptor, which stays the revision's; -1 when there is no
 * such folder. The last one is kept, as files of one folder come together.
 */
static bool open_folder(struct revision *revision, const char *folder,
	size_t length, int *fd, struct diags *diags)
{
	AUTO_FREE char *path = NULL;

	*fd = revision->root_fd;
	if (!length)
		return true;
	*fd = revision->folder_fd;
	if (*fd >= 0 && !strncmp(revision->folder, folder, length) &&
		!revision->folder[length])
		return true;
	path = own_strndup(folder, length);
	if (!walk_folders(revision, path, fd, diags))
		return false;
	if (*fd < 0)
		return true;
	if (revision->folder_fd >= 0)
		close(revision->folder_fd);
	free(revision->folder);
	revision->folder_fd = *fd;
	revision->folder = own_strdup(path);
	return true;
}

static bool open_parent_folder(struct revision *revision, const char *path,
	int *fd, struct diags *diags)
{
	const char *name = revision_path_name(path);
	size_t length = (size_t)(name - path);

	return open_folder(revision, path, length ? length - 1 : 0, fd, diags);
}

static bool lookup_worktree(struct revision *revision, const char *path,
	struct revision_entry *entry, bool *found, struct diags *diags)
{
	struct stat status;
	int fd;

	if (!open_parent_folder(revision, path, &fd, diags))
		return false;
	if (fd < 0)
		return true;
	*entry = (struct revision_entry){.name = revision_path_name(path)};
	if (fstatat(fd, *entry->name ? entry->name : ".", &status,
		    AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT || cannot_read(revision, path, diags);
	entry->kind = file_kind(status.st_mode);
	*found = true;
	return true;
}

static enum entry_kind dirent_kind(int fd, const struct dirent *dirent)
{
	struct stat status;

	switch (dirent->d_type) {
	case DT_REG:
		return ENTRY_FILE;
	case DT_DIR:
		return ENTRY_FOLDER;
	case DT_UNKNOWN:
		if (fstatat(fd, dirent->d_name, &status, AT_SYMLINK_NOFOLLOW))
			return ENTRY_OTHER;
		return file_kind(status.st_mode);
	default:
		return ENTRY_OTHER;
	}
}

static bool list_worktree(struct revision *revision, const char *folder,
	const struct revision_entry *entry, struct arena *arena,
	struct revision_entry **entries, size_t *count, struct diags *diags)
{
	AUTO_FREE struct revision_entry *list = NULL;
	const struct dirent *dirent;
	size_t capacity = 0;
	size_t found = 0;
	DIR *stream;
	int fd;

	(void)entry;
	if (!open_folder(revision, folder, strlen(folder), &fd, diags))
		return false;
	if (fd < 0)
		return true;
	fd = openat(fd, ".", FOLDER_FLAGS); /* closedir() closes it */
	stream = fd < 0 ? NULL : fdopendir(fd);
	if (!stream)
		return cannot_read(revision, folder, diags);
	while ((errno = 0, dirent = readdir(stream))) {
		const char *name = dirent->d_name;

		if (!strcmp(name, ".") || !strcmp(name, "..") ||
			!strcmp(name, ".git"))
			continue;
		list = own_grow(list, found, &capacity, sizeof(*list));
		list[found++] = (struct revision_entry){
			.name = arena_strdup(arena, name),
			.kind = dirent_kind(fd, dirent)};
	}
	if (errno) {
		cannot_read(revision, folder, diags);
		closedir(stream);
		return false;
	}
	closedir(stream);
	if (!list)
		return true;
	qsort(list, found, sizeof(*list), revision_entry_compare);
	*entries = arena_alloc(arena, found * sizeof(*list));
	memcpy(*entries, list, found * sizeof(*list));
	*count = found;
	return true;
}

/*
 * A file may shrink or grow while it is read: what is there after as many
 * bytes as it had when it was opened is the document.
 */
static bool read_bytes(int fd, char *bytes, size_t *length)
{
	size_t done = 0;

	while (done < *length) {
		ssize_t got = read(fd, bytes + done, *length - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		if (!got)
			break;
		done += (size_t)got;
	}
	*length = done;
	return true;
}

static bool read_worktree(struct revision *revision, const char *path,
	const struct revision_entry *entry, struct arena *arena,
	const struct source **source, struct diags *diags)
{
	struct source *made;
	struct stat status;
	char *bytes;
	int parent;

	(void)entry;
	if (!open_parent_folder(revision, path, &parent, diags))
		return false;
	if (parent < 0)
		return true;
	/* O_NONBLOCK: opening a named pipe must not wait for a writer. */
	AUTO_CLOSE int fd = openat(parent, revision_path_name(path),
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return true;
	if (fd < 0 && errno == ELOOP)
		return revision_path_not_a_file(
			revision, path, "a symbolic link", diags);
	if (fd < 0 || fstat(fd, &status))
		return cannot_read(revision, path, diags);
	if (!S_ISREG(status.st_mode))
		return revision_path_not_a_file(
			revision, path, mode_name(status.st_mode), diags);
	if (status.st_size > YAML_MAX_BYTES)
		return revision_path_too_large(revision, path, diags);
	made = revision_path_source(
		revision, path, arena, (size_t)status.st_size, &bytes);
	if (!read_bytes(fd, bytes, &made->length))
		return cannot_read(revision, path, diags);
	bytes[made->length] = '\0';
	*source = made;
	return true;
}

static const struct revision_source worktree_source = {
	.lookup = lookup_worktree,
	.list = list_worktree,
	.read = read_worktree,
	.close = close_worktree,
};

bool revision_worktree_open(
	struct revision *revision, const char *path, struct diags *diags)
{
	AUTO_FREE char *top = repository_path_worktree_top(path);
	AUTO(text) prefix = TEXT_INIT;
	const char *rest = top ? path + strlen(top) : "";

	rest += strspn(rest, "/");
	if (*rest)
		text_format(&prefix, "%s/", rest);
	revision->kind = REVISION_WORKTREE;
	revision->source = &worktree_source;
	revision->prefix = text_detach(&prefix);
	strcpy(revision->id, "WORKTREE");
	if (!top && repository_path_looks_bare(path))
		return diag_error(diags, NULL, RULE_GIT_REVISION,
			"'%s' is a bare repository and has no working tree; "
			"name a revision, such as HEAD",
			path);
	revision->root_fd = open(path, FOLDER_FLAGS);
	if (revision->root_fd < 0)
		return diag_errno(diags, NULL, RULE_IO_READ,
			"cannot open the folder '%s'", path);
	return true;
}
