#include "catalog/store/watch.h"

#include "catalog/document/document_path.h"

#include <dirent.h>
#include <errno.h>
#include <git2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_DEPTH = 16, MAX_FOLDERS = 4096 };

enum {
	EVENTS = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
		 IN_CLOSE_WRITE | IN_DELETE_SELF | IN_MOVE_SELF
};

/* What is of interest in a folder: one file, or all. */
struct folder {
	int id;
	char *name; /* the only entry that counts, or NULL */
	char *path; /* of a tree: new folders in it are watched, too */
};

struct watch {
	int fd;
	struct folder *folders;
	size_t count, capacity;
	bool incomplete;
};

static void add_folder(
	struct watch *watch, const char *path, const char *name, bool deep)
{
	int id = -1;

	if (watch->count < MAX_FOLDERS)
		id = inotify_add_watch(
			watch->fd, path, EVENTS | IN_ONLYDIR | IN_MASK_ADD);
	if (id < 0) {
		watch->incomplete = true;
		return;
	}
	watch->folders = own_grow(watch->folders, watch->count,
		&watch->capacity, sizeof(*watch->folders));
	watch->folders[watch->count++] = (struct folder){
		.id = id,
		.name = name ? own_strdup(name) : NULL,
		.path = deep ? own_strdup(path) : NULL,
	};
}

/* Where it lies: none of these tells when one above it is moved away. */
static void add_ancestors(struct watch *watch, const char *path)
{
	AUTO_FREE char *copy = own_strdup(path);
	char *slash;

	while ((slash = strrchr(copy, '/')) && slash != copy) {
		*slash = '\0';
		inotify_add_watch(watch->fd, copy,
			IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR |
				IN_MASK_ADD);
	}
}

/* References lie in folders below refs/, documents below the catalog's. */
static void add_tree(struct watch *watch, const char *path, unsigned depth)
{
	const struct dirent *entry;
	DIR *folder;

	add_folder(watch, path, NULL, true);
	folder = depth < MAX_DEPTH ? opendir(path) : NULL;
	while (folder && (entry = readdir(folder))) {
		AUTO(text) inner = TEXT_INIT;

		if (entry->d_name[0] == '.')
			continue;
		if (entry->d_type == DT_UNKNOWN)
			watch->incomplete = true;
		if (entry->d_type != DT_DIR)
			continue;
		text_format(&inner, "%s/%s", path, entry->d_name);
		add_tree(watch, inner.data, depth + 1);
	}
	if (folder)
		closedir(folder);
}

static void add_repository(struct watch *watch, git_repository *repository)
{
	AUTO(text) refs = TEXT_INIT;
	const char *own = git_repository_path(repository);
	const char *shared = git_repository_commondir(repository);

	add_folder(watch, own, "HEAD", false);
	add_ancestors(watch, own);
	add_folder(watch, shared, "packed-refs", false);
	text_format(&refs, "%srefs", shared);
	add_tree(watch, refs.data, 0);
	if (strcmp(own, shared) == 0)
		return;
	/* refs/bisect, refs/worktree and refs/rewritten are a worktree's own */
	text_clear(&refs);
	text_format(&refs, "%srefs", own);
	if (!access(refs.data, F_OK))
		add_tree(watch, refs.data, 0);
}

/* What the revision is read from, where that is no commit. */
static void add_files(struct watch *watch, const struct revision *revision)
{
	static const char *const parts[] = {"catalog.yaml",
		DOCUMENT_PATH_DOMAINS, DOCUMENT_PATH_ACTORS,
		DOCUMENT_PATH_SCHEMAS};
	AUTO_FREE char *path = NULL;

	if (revision_kind(revision) == REVISION_INDEX)
		add_folder(watch,
			git_repository_path(revision_repository(revision)),
			"index", false);
	if (revision_kind(revision) != REVISION_WORKTREE)
		return;
	path = revision_folder(revision);
	if (!path) {
		watch->incomplete = true;
		return;
	}
	for (size_t i = 0; i < COUNT(parts); i++) {
		AUTO(text) inner = TEXT_INIT;
		struct stat status;

		/* One that is not there yet may come. */
		add_folder(watch, path, parts[i], false);
		text_format(&inner, "%s/%s", path, parts[i]);
		if (!stat(inner.data, &status) && S_ISDIR(status.st_mode))
			add_tree(watch, inner.data, 0);
	}
	add_ancestors(watch, path);
}

/* Its own folder, and where a symbolic link leads. */
static void add_file(struct watch *watch, const char *file)
{
	AUTO_FREE char *real = realpath(file, NULL);
	const char *paths[] = {file, real};

	for (size_t i = 0; i < COUNT(paths); i++) {
		const char *slash = paths[i] ? strrchr(paths[i], '/') : NULL;
		AUTO(text) folder = TEXT_INIT;

		if (!paths[i] || (i && !strcmp(paths[0], paths[1])))
			continue;
		if (slash)
			text_append_bytes(&folder, paths[i],
				(size_t)(slash + 1 - paths[i]));
		add_folder(watch, slash ? folder.data : ".",
			slash ? slash + 1 : paths[i], false);
		add_ancestors(watch, folder.data ? folder.data : "");
	}
}

struct watch *watch_open(const struct revision *revision, const char *file)
{
	struct watch *watch;
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	if (fd < 0)
		return NULL;
	watch = own_alloc(sizeof(*watch));
	watch->fd = fd;
	if (revision && revision_repository(revision))
		add_repository(watch, revision_repository(revision));
	if (revision)
		add_files(watch, revision);
	if (file)
		add_file(watch, file);
	return watch;
}

void watch_close(struct watch *watch)
{
	if (!watch)
		return;
	for (size_t i = 0; i < watch->count; i++) {
		free(watch->folders[i].name);
		free(watch->folders[i].path);
	}
	free(watch->folders);
	close(watch->fd);
	free(watch);
}

int watch_fd(const struct watch *watch)
{
	return watch->fd;
}

bool watch_is_incomplete(const struct watch *watch)
{
	return watch->incomplete;
}

/* Git writes NAME.lock and renames it: only the rename counts. */
static bool is_lock(const char *name)
{
	size_t length = strlen(name);

	return length > 5 && !strcmp(name + length - 5, ".lock");
}

static bool matters(struct watch *watch, const struct inotify_event *event)
{
	const char *name = event->len ? event->name : "";
	bool found = false;

	/* Events were lost, or a folder was removed. */
	if (event->mask & (IN_Q_OVERFLOW | IN_DELETE_SELF | IN_MOVE_SELF))
		return true;
	if (is_lock(name))
		return false;
	/* A folder may be there for more than one of its files. */
	for (size_t i = 0; i < watch->count; i++) {
		const struct folder *folder = &watch->folders[i];
		AUTO(text) path = TEXT_INIT;

		if (folder->id != event->wd ||
			(folder->name && strcmp(folder->name, name) != 0))
			continue;
		found = true;
		if (!folder->path || !(event->mask & IN_ISDIR) ||
			!(event->mask & (IN_CREATE | IN_MOVED_TO)))
			continue;
		text_format(&path, "%s/%s", folder->path, name);
		add_tree(watch, path.data, 0);
		break;
	}
	return found;
}

bool watch_take(struct watch *watch)
{
	_Alignas(struct inotify_event) char buffer[16 * 1024];
	bool found = false;
	ssize_t got;

	while ((got = read(watch->fd, buffer, sizeof(buffer))) > 0) {
		const char *at = buffer;

		while (at < buffer + got) {
			const struct inotify_event *event = (const void *)at;

			found |= matters(watch, event);
			at += sizeof(*event) + event->len;
		}
	}
	return found;
}
