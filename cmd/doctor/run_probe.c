#include "cmd/doctor/run_probe.h"

#include "tunnel/control/client.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	MAX_OUTPUT = 256 * 1024, /* of each stream; the rest is dropped */
	KILL_MS = 2000,          /* from SIGTERM to SIGKILL */
};

enum { OUT, ERR, STREAMS };

void probe_release(struct probe *probe)
{
	text_release(&probe->out);
	text_release(&probe->err);
}

/* What it reads: a file in memory needs nobody to feed it. */
static int open_input(const char *input)
{
	size_t length = input ? strlen(input) : 0;
	int fd;

	if (!input)
		return open("/dev/null", O_RDONLY | O_CLOEXEC);
	fd = memfd_create("bridge-doctor", MFD_CLOEXEC);
	if (fd >= 0 && (write(fd, input, length) != (ssize_t)length ||
			       lseek(fd, 0, SEEK_SET))) {
		close(fd);
		return -1;
	}
	return fd;
}

static void __attribute__((noreturn))
become(const struct probe *probe, int in, int out, int err)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setsid();
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	if (probe->directory >= 0 ? fchdir(probe->directory) : chdir("/"))
		_exit(127);
	setenv("LC_ALL", "C", 1);
	setenv("SSH_ASKPASS_REQUIRE", "never", 1);
	execvp(probe->argv[0], (char *const *)(uintptr_t)probe->argv);
	_exit(127);
}

static void append_bytes(struct text *text, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length && text->length < MAX_OUTPUT; i++)
		if (bytes[i])
			text_append_char(text, bytes[i]);
}

/* False at the end of the stream. */
static bool receive(int fd, struct text *text)
{
	char buffer[4096];
	ssize_t got = read(fd, buffer, sizeof(buffer));

	if (got > 0)
		append_bytes(text, buffer, (size_t)got);
	return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
}

/* Until both ends are closed, the deadline, or what is waited for. */
static void listen_to(struct probe *probe, struct pollfd *fds)
{
	int64_t deadline = client_now() + probe->timeout_ms;
	struct text *texts[STREAMS] = {&probe->out, &probe->err};

	while (fds[OUT].fd >= 0 || fds[ERR].fd >= 0) {
		int64_t left = deadline - client_now();

		if (left <= 0 || poll(fds, STREAMS, (int)left) == 0) {
			probe->timed_out = true;
			return;
		}
		for (int i = 0; i < STREAMS; i++) {
			if (fds[i].fd < 0 || !fds[i].revents)
				continue;
			if (!receive(fds[i].fd, texts[i]))
				fds[i].fd = -1;
		}
		if (probe->until && probe->err.length &&
			strstr(probe->err.data, probe->until)) {
			probe->seen = true;
			return;
		}
	}
}

static bool wait_for(pid_t pid, int *status, int timeout_ms)
{
	for (int waited = 0; waited <= timeout_ms; waited += 10) {
		pid_t got = waitpid(pid, status, WNOHANG);

		if (got == pid || (got < 0 && errno != EINTR))
			return true;
		poll(NULL, 0, 10);
	}
	return false;
}

static void end_process(struct probe *probe, pid_t pid)
{
	int status = 0;

	if (probe->timed_out || probe->seen)
		kill(pid, SIGTERM);
	if (!wait_for(pid, &status, KILL_MS)) {
		kill(pid, SIGKILL);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			continue;
	}
	probe->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void probe_run(struct probe *probe)
{
	int out[2] = {-1, -1};
	int err[2] = {-1, -1};
	AUTO_CLOSE int in = open_input(probe->input);
	pid_t pid = -1;

	probe->status = 127;
	if (in >= 0 && !pipe2(out, O_CLOEXEC) && !pipe2(err, O_CLOEXEC))
		pid = fork();
	if (pid == 0)
		become(probe, in, out[1], err[1]);
	close(out[1]);
	close(err[1]);
	if (pid > 0) {
		struct pollfd fds[STREAMS] = {
			[OUT] = {out[0], POLLIN, 0},
			[ERR] = {err[0], POLLIN, 0},
		};

		listen_to(probe, fds);
		end_process(probe, pid);
	}
	probe->started = pid > 0 && probe->status != 127;
	close(out[0]);
	close(err[0]);
}
