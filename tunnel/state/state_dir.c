#include "tunnel/state/state_dir.h"

#include "schema/base/json_line.h"
#include "schema/base/text.h"
#include "schema/base/write_all.h"
#include "schema/bridge/bridge.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MAX_DESIRED = 64 * 1024 * 1024 };

bool state_path(char **path, struct diags *diags)
{
	const char *directory = getenv("BRIDGE_STATE_DIR");
	const char *xdg = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");
	AUTO(text) text = TEXT_INIT;

	if (directory && *directory) {
		AUTO_FREE char *here = directory[0] == '/' ? NULL
							   : getcwd(NULL, 0);

		text_format(&text, "%s%s%s", here ? here : "", here ? "/" : "",
			directory);
	} else if (xdg && xdg[0] == '/') {
		text_format(&text, "%s/bridge", xdg);
	} else if (home && home[0] == '/') {
		text_format(&text, "%s/.local/state/bridge", home);
	} else {
		return diag_error(diags, NULL, RULE_IO_READ,
			"no state directory: set HOME or BRIDGE_STATE_DIR");
	}
	*path = text_detach(&text);
	return true;
}

/* mkdir -p; only what we make ourselves is 0700. */
static bool make_path(const char *path)
{
	AUTO_FREE char *copy = own_strdup(path);

	for (char *slash = strchr(copy + 1, '/'); slash;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0700) && errno != EEXIST)
			return false;
		*slash = '/';
	}
	return !mkdir(copy, 0700) || errno == EEXIST;
}

int state_open(const char *path, bool make, struct diags *diags)
{
	struct stat status;
	int fd;

	if (make && !make_path(path)) {
		diag_errno(diags, NULL, RULE_IO_WRITE,
			"cannot make the state directory '%s'", path);
		return -1;
	}
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT && !make)
		return -1;
	if (fd < 0 || fstat(fd, &status)) {
		diag_errno(diags, NULL, RULE_IO_READ,
			"cannot open the state directory '%s'", path);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	if (status.st_uid != geteuid() || (status.st_mode & 022)) {
		diag_error(diags, NULL, RULE_IO_READ,
			"others may write to the state directory '%s'; make "
			"it yours alone: chown %u and chmod 700",
			path, (unsigned)geteuid());
		close(fd);
		return -1;
	}
	return fd;
}

char *state_file(const char *name, const char *suffix)
{
	AUTO(text) text = TEXT_INIT;

	text_format(&text, "%s%s", name, suffix);
	return text_detach(&text);
}

static char *temporary(const char *name)
{
	AUTO(text) text = TEXT_INIT;

	text_format(&text, ".%s.new", name);
	return text_detach(&text);
}

bool state_write_abandon(int directory, const char *name, int fd)
{
	AUTO_FREE char *file = temporary(name);
	int saved = errno;

	close(fd);
	unlinkat(directory, file, 0);
	errno = saved;
	return false;
}

int state_write_begin(
	int directory, const char *name, const char *bytes, size_t length)
{
	AUTO_FREE char *file = temporary(name);
	int fd = openat(directory, file,
		O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd >= 0 && !write_all(fd, bytes, length)) {
		state_write_abandon(directory, name, fd);
		return -1;
	}
	return fd;
}

bool state_write_end(int directory, const char *name, int fd, bool sync)
{
	AUTO_FREE char *file = temporary(name);

	if ((sync && fsync(fd)) || renameat(directory, file, directory, name))
		return state_write_abandon(directory, name, fd);
	close(fd);
	return true;
}

bool state_write(int directory, const char *name, const char *bytes,
	size_t length, bool sync)
{
	int fd = state_write_begin(directory, name, bytes, length);

	return fd >= 0 && state_write_end(directory, name, fd, sync);
}

char *state_read(int directory, const char *name, size_t max_bytes)
{
	AUTO(text) text = TEXT_INIT;
	AUTO_CLOSE int fd = openat(directory, name,
		O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0 || !text_read(&text, fd, max_bytes))
		return NULL;
	if (text.length && text.data[text.length - 1] == '\n')
		text.data[--text.length] = '\0';
	return text_detach(&text);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char **state_names(int directory, size_t *count)
{
	size_t capacity = 0;
	static const char suffix[] = ".state";
	int copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = copy >= 0 ? fdopendir(copy) : NULL;
	char **names = NULL;
	struct dirent *entry;

	*count = 0;
	if (!stream) {
		if (copy >= 0)
			close(copy);
		return NULL;
	}
	while ((entry = readdir(stream))) {
		size_t length = strlen(entry->d_name);
		char *name;

		if (length <= sizeof(suffix) - 1 ||
			strcmp(entry->d_name + length - (sizeof(suffix) - 1),
				suffix))
			continue;
		name = own_strndup(
			entry->d_name, length - (sizeof(suffix) - 1));
		if (!bridge_name_is_valid(name)) {
			free(name);
			continue;
		}
		names = own_grow(names, *count, &capacity, sizeof(char *));
		names[(*count)++] = name;
	}
	closedir(stream);
	if (*count)
		qsort(names, *count, sizeof(char *), compare_names);
	return names;
}

/* Sockets and pins of shared connections (tunnel/supervisor/control_master.h):
 * nobody holds them. */
static void clean_masters(int directory)
{
	int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;

	if (!folder) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(folder)))
		if (!strncmp(entry->d_name, STATE_MASTER, strlen(STATE_MASTER)))
			unlinkat(directory, entry->d_name, 0);
	closedir(folder);
}

void state_clean(int directory)
{
	size_t count;
	char **names = state_names(directory, &count);

	for (size_t i = 0; i < count; i++) {
		AUTO_FREE char *pid = state_file(names[i], ".pid");
		AUTO_FREE char *file = state_file(names[i], ".state");
		AUTO_FREE char *word = state_read(directory, file, 64);

		unlinkat(directory, pid, 0);
		if (!word ||
			(strcmp(word, "stopped") && strcmp(word, "failed")))
			state_write(directory, file, "stopped\n", 8, false);
		free(names[i]);
	}
	free(names);
	clean_masters(directory);
}

bool state_is_known(int directory, const char *name)
{
	AUTO_FREE char *file = state_file(name, ".state");

	return bridge_name_is_valid(name) &&
	       !faccessat(directory, file, F_OK, 0);
}

/* A new reference; NULL when there is none, or none that can be understood. */
static json_t *read_desired(int directory, bool *is_there)
{
	AUTO_FREE char *text = state_read(
		directory, STATE_DESIRED, MAX_DESIRED);
	json_t *json = text ? json_loads(text, 0, NULL) : NULL;

	*is_there = text != NULL;
	if (json_is_object(json))
		return json;
	json_decref(json);
	return NULL;
}

bool state_desired_is_damaged(int directory)
{
	bool is_there;
	json_auto_t *json = read_desired(directory, &is_there);

	if (is_there && !json)
		renameat(directory, STATE_DESIRED, directory, STATE_DAMAGED);
	return !faccessat(directory, STATE_DAMAGED, F_OK, 0);
}

json_t *state_desired(int directory)
{
	bool is_there;
	json_t *json = read_desired(directory, &is_there);

	return json ? json : json_object();
}

int state_lock(int directory, unsigned milliseconds)
{
	const struct timespec pause = {.tv_nsec = 5 * 1000000L};
	int fd = openat(directory, STATE_LOCK,
		O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	for (unsigned waited = 0; fd >= 0; waited += 5) {
		int saved;

		if (!flock(fd, LOCK_EX | LOCK_NB))
			return fd;
		saved = errno;
		if ((saved == EWOULDBLOCK || saved == EINTR) &&
			waited < milliseconds) {
			nanosleep(&pause, NULL);
			continue;
		}
		close(fd);
		errno = saved;
		break;
	}
	return -1;
}

bool state_forget(int directory, const json_t *names)
{
	json_auto_t *desired = state_desired(directory);
	size_t before = json_object_size(desired);
	AUTO_FREE char *line = NULL;
	size_t i;
	json_t *name;

	json_array_foreach(names, i, name)
		json_object_del(desired, json_string_value(name));
	if (json_object_size(desired) == before)
		return true;
	line = json_line(desired);
	return state_write(directory, STATE_DESIRED, line, strlen(line), true);
}
