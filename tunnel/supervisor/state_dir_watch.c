#include "tunnel/supervisor/state_dir_watch.h"

#include "tunnel/control/protocol.h"
#include "tunnel/state/state_dir.h"
#include "tunnel/supervisor/desired.h"
#include "tunnel/supervisor/publish.h"
#include "tunnel/supervisor/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	CALM_MS = 500,   /* rm -r goes on after it has taken the socket */
	AGAIN_MS = 5000, /* while it cannot be made */
};

struct state_dir_watch {
	struct supervisor *supervisor;
	char path[PATH_MAX];
	int fd; /* inotify */
	uv_poll_t poll;
	uv_timer_t timer;
	unsigned open_handles;
};

/*
 * A folder that is open says nothing of its end (inotify(7): IN_DELETE_SELF
 * comes with the last reference), but nobody can remove it with the socket in
 * it.
 */
static void watch(const struct state_dir_watch *home)
{
	inotify_add_watch(home->fd, home->path,
		IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR);
}

static bool is_in_place(const struct state_dir_watch *home)
{
	struct stat ours;
	struct stat there;

	return !fstat(home->supervisor->directory, &ours) &&
	       !stat(home->path, &there) && ours.st_dev == there.st_dev &&
	       ours.st_ino == there.st_ino;
}

static bool has_socket(const struct state_dir_watch *home)
{
	struct stat status;

	return !fstatat(home->supervisor->directory, STATE_SOCKET, &status,
		AT_SYMLINK_NOFOLLOW);
}

/* Whoever has the old number gets the new file. */
static bool replace(int old, int fresh)
{
	bool done = dup3(fresh, old, O_CLOEXEC) == old;

	close(fresh);
	return done;
}

enum outcome { MADE, NOT_YET, TAKEN };

/* The directory anew, locked as the first one was. */
static enum outcome make(struct state_dir_watch *home)
{
	const struct supervisor_files *files = &home->supervisor->files;
	AUTO(diags) ignored = DIAGS_INIT;
	int directory = state_open(home->path, true, &ignored);
	int lock = -1;

	if (directory >= 0)
		lock = openat(directory, STATE_LOCK,
			O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB)) {
		bool taken = errno == EWOULDBLOCK;

		close(lock);
		close(directory);
		return taken ? TAKEN : NOT_YET;
	}
	if (lock < 0) {
		if (directory >= 0)
			close(directory);
		return NOT_YET;
	}
	if (!replace(files->directory, directory) ||
		!replace(files->lock, lock) || fchdir(files->directory))
		return NOT_YET;
	return MADE;
}

static bool listen_again(struct supervisor *supervisor)
{
	int fd = control_listen(supervisor->directory);

	if (fd < 0 || server_listen_at(&supervisor->server, fd))
		return false;
	supervisor->files.socket = fd;
	return true;
}

static void on_timer(uv_timer_t *timer)
{
	struct state_dir_watch *home = timer->data;
	struct supervisor *supervisor = home->supervisor;
	enum outcome outcome = MADE;

	if (supervisor->ending || supervisor->stop_reason)
		return;
	if (is_in_place(home) && has_socket(home))
		return;
	if (!is_in_place(home))
		outcome = make(home);
	if (outcome == TAKEN) {
		supervisor_stop_all(supervisor,
			"another supervisor has taken its state directory");
		return;
	}
	if (outcome == NOT_YET || !listen_again(supervisor)) {
		uv_timer_start(&home->timer, on_timer, AGAIN_MS, 0);
		return;
	}
	watch(home);
	for (size_t i = 0; i < supervisor->count; i++)
		publish_files(supervisor->tunnels[i]);
	desired_save(supervisor);
}

static void on_event(uv_poll_t *poll, int status, int events)
{
	_Alignas(struct inotify_event) char buffer[4096];
	struct state_dir_watch *home = poll->data;
	bool matters = status < 0;
	ssize_t got;

	(void)events;
	while ((got = read(home->fd, buffer, sizeof(buffer))) > 0) {
		const char *at = buffer;

		while (at < buffer + got) {
			const struct inotify_event *event = (const void *)at;

			matters |= !event->len ||
				   !strcmp(event->name, STATE_SOCKET);
			at += sizeof(*event) + event->len;
		}
	}
	if (matters)
		uv_timer_start(&home->timer, on_timer, CALM_MS, 0);
}

struct state_dir_watch *state_dir_watch_open(struct supervisor *supervisor)
{
	struct state_dir_watch *home = own_alloc(sizeof(*home));
	char link[64];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", supervisor->directory);
	length = readlink(link, home->path, sizeof(home->path) - 1);
	home->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (length <= 0 || home->fd < 0) {
		if (home->fd >= 0)
			close(home->fd);
		free(home);
		return NULL;
	}
	home->path[length] = '\0';
	home->supervisor = supervisor;
	watch(home);
	uv_poll_init(supervisor->loop, &home->poll, home->fd);
	uv_timer_init(supervisor->loop, &home->timer);
	home->poll.data = home;
	home->timer.data = home;
	home->open_handles = 2;
	uv_poll_start(&home->poll, UV_READABLE, on_event);
	return home;
}

static void on_closed(uv_handle_t *handle)
{
	struct state_dir_watch *home = handle->data;

	if (--home->open_handles)
		return;
	close(home->fd);
	free(home);
}

void state_dir_watch_close(struct state_dir_watch *home)
{
	if (!home)
		return;
	uv_close((uv_handle_t *)&home->poll, on_closed);
	uv_close((uv_handle_t *)&home->timer, on_closed);
}
