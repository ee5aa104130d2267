#include "tunnel/control/launch.h"

#include "schema/base/text.h"
#include "tunnel/control/protocol.h"
#include "tunnel/state/state_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM    "bridge-supervisor"
#define ERROR_FILE ".supervisor.err"

enum { READY_FD = STDERR_FILENO + 1 };

/*
 * Beside this program (a build tree), else where `make install` puts it,
 * seen from bin/: so an installed tree can be moved as a whole.
 */
char *launch_program(void)
{
	static const char *const places[] = {"", "../libexec/bridge/"};
	char self[4096];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	AUTO(text) path = TEXT_INIT;
	const char *slash;

	if (length <= 0)
		return own_strdup(PROGRAM);
	self[length] = '\0';
	slash = strrchr(self, '/');
	for (size_t i = 0; i < COUNT(places); i++) {
		text_clear(&path);
		text_append_bytes(&path, self, (size_t)(slash + 1 - self));
		text_format(&path, "%s%s", places[i], PROGRAM);
		if (!access(path.data, X_OK))
			break;
	}
	return text_detach(&path);
}

/* In the grandchild. */
static void __attribute__((noreturn))
become_supervisor(const char *program, const char *path, int ready_fd)
{
	char number[16];
	sigset_t none;
	int ready = fcntl(ready_fd, F_DUPFD, READY_FD);
	int null_fd = open("/dev/null", O_RDWR);
	int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error_fd = openat(directory, ERROR_FILE,
		O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_NOFOLLOW, 0600);

	setsid();
	/* Whatever our caller blocks for itself. */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(null_fd, STDIN_FILENO);
	dup2(null_fd, STDOUT_FILENO);
	dup2(error_fd >= 0 ? error_fd : null_fd, STDERR_FILENO);
	/* A lock or a pipe of our caller's must not live as long as we do. */
	dup2(ready, READY_FD);
	close_range(READY_FD + 1, ~0U, 0);
	snprintf(number, sizeof(number), "%d", READY_FD);
	execl(program, PROGRAM, path, number, (char *)NULL);
	dprintf(READY_FD, "cannot run '%s': %s\n", program, strerror(errno));
	_exit(127);
}

/* Fork twice, so that nobody has to wait for the supervisor's end. */
static bool launch(const char *path, int ready_fd, struct diags *diags)
{
	AUTO_FREE char *program = launch_program();
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return diag_errno(diags, NULL, RULE_SUPERVISOR,
			"cannot start the supervisor");
	if (pid == 0) {
		if (fork() == 0)
			become_supervisor(program, path, ready_fd);
		_exit(0);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return true;
}

/* What `program --version` says, or nothing; malloc'd. */
static char *version_of(const char *program)
{
	AUTO(text) said = TEXT_INIT;
	int ends[2];
	int status = -1;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return own_strdup("");
	pid = fork();
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		execl(program, PROGRAM, "--version", (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	if (pid > 0) {
		text_read(&said, ends[0], 4096);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			continue;
	}
	close(ends[0]);
	return status || !said.length ? own_strdup("") : text_detach(&said);
}

bool launch_can_take_over(const char *program, struct diags *diags)
{
	AUTO_FREE char *version = version_of(program);
	AUTO(text) understood = TEXT_INIT;

	text_format(&understood, " handover %d\n", HANDOVER_FORMAT);
	if (!strncmp(version, PROGRAM " ", strlen(PROGRAM " ")) &&
		strstr(version, understood.data))
		return true;
	return diag_error(diags, NULL, RULE_SUPERVISOR,
		"'%s' does not run, or cannot take over; is it installed whole?",
		program);
}

bool launch_supervisor(const char *path, struct diags *diags)
{
	AUTO(text) said = TEXT_INIT;
	int ends[2];
	bool heard;

	if (pipe2(ends, O_CLOEXEC))
		return diag_errno(diags, NULL, RULE_SUPERVISOR,
			"cannot start the supervisor");
	if (!launch(path, ends[1], diags)) {
		close(ends[0]);
		close(ends[1]);
		return false;
	}
	close(ends[1]);
	heard = text_read(&said, ends[0], 4096);
	close(ends[0]);
	if (heard &&
		(!strcmp(said.data, "ready\n") || !strcmp(said.data, "busy\n")))
		return true;
	while (said.length && said.data[said.length - 1] == '\n')
		said.data[--said.length] = '\0';
	return diag_error(diags, NULL, RULE_SUPERVISOR,
		"the supervisor did not start: %s",
		said.length ? said.data
			    : "see " ERROR_FILE " in the state directory");
}
