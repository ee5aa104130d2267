#include "tunnel/supervisor/main.h"

#include "tunnel/control/protocol.h"
#include "tunnel/state/state_dir.h"
#include "tunnel/supervisor/handover.h"
#include "tunnel/supervisor/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum { LOCK_TRIES = 1400, LOCK_PAUSE_MS = 10 };

enum lock { LOCK_TAKEN, LOCK_BUSY, LOCK_BROKEN };

/*
 * The lock is held for life. Whoever holds it without a socket is starting
 * or ending: wait for that, a little.
 */
static enum lock take_lock(int directory, int *lock)
{
	const struct timespec pause = {.tv_nsec = LOCK_PAUSE_MS * 1000000L};
	int fd = openat(directory, STATE_LOCK,
		O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return LOCK_BROKEN;
	for (int i = 0; i < LOCK_TRIES; i++) {
		int other;

		if (!flock(fd, LOCK_EX | LOCK_NB)) {
			*lock = fd;
			return LOCK_TAKEN; /* and never closed */
		}
		if (errno != EWOULDBLOCK && errno != EINTR) {
			int saved = errno;

			close(fd);
			errno = saved;
			return LOCK_BROKEN;
		}
		other = control_connect(directory);
		if (other >= 0) {
			close(other);
			close(fd);
			return LOCK_BUSY;
		}
		nanosleep(&pause, NULL);
	}
	close(fd);
	errno = EBUSY; /* it is ending, and takes its time */
	return LOCK_BROKEN;
}

static int give_up(int ready_fd, const char *what)
{
	int saved = errno;

	fprintf(stderr, "bridge-supervisor: %s: %s\n", what, strerror(saved));
	if (ready_fd >= 0)
		dprintf(ready_fd, "%s: %s\n", what, strerror(saved));
	return 3;
}

int main_start(const char *path, int ready_fd)
{
	AUTO(diags) diags = DIAGS_INIT;
	struct supervisor_files files = {
		.directory = state_open(path, true, &diags)};

	if (ready_fd >= 0)
		fcntl(ready_fd, F_SETFD, FD_CLOEXEC);
	if (files.directory < 0) {
		fprintf(stderr, "bridge-supervisor: %s\n",
			diags.list[0].message);
		if (ready_fd >= 0)
			dprintf(ready_fd, "%s\n", diags.list[0].message);
		return 3;
	}
	switch (take_lock(files.directory, &files.lock)) {
	case LOCK_TAKEN:
		break;
	case LOCK_BUSY:
		if (ready_fd >= 0)
			dprintf(ready_fd, "busy\n");
		return 0;
	case LOCK_BROKEN:
		return give_up(ready_fd, "cannot lock the state directory");
	}
	state_clean(files.directory);
	files.socket = control_listen(files.directory);
	if (files.socket < 0)
		return give_up(ready_fd, "cannot make the control socket");
	return run_supervisor(&files, ready_fd, NULL);
}

int main_go_on(int handover_fd)
{
	struct supervisor_files files;
	json_auto_t *saved = handover_open(handover_fd, &files);

	return saved ? run_supervisor(&files, -1, saved) : 3;
}
