#include "tunnel/ssh/process.h"

#include "schema/base/json_line.h"
#include "schema/base/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of ssh's stderr until others get a turn. */
enum { MAX_READ = 16 * 1024 };

/* LogVerbose puts "ssh.c:function():line (pid=N): " before what ssh says. */
static const char *without_place(const char *line)
{
	const char *pid = strstr(line, " (pid=");
	const char *end = pid ? strstr(pid, "): ") : NULL;

	return end ? end + 3 : line;
}

static void say(struct process *process, const char *line)
{
	free(process->said);
	process->said = own_strdup(without_place(line));
}

/* Port 3000 is no confirmation of 300; a Unix socket ends in ":-2". */
static bool is_confirmation(const struct process *process, const char *line)
{
	const char *wanted = process->confirmation;
	const char *found = wanted ? strstr(line, wanted) : NULL;

	if (!found)
		return false;
	found += strlen(wanted);
	return !*found || *found == ':' || *found == ' ';
}

/* One line of stderr, without its end. */
static void take_line(struct process *process, const char *line)
{
	enum ssh_cause cause;

	trace("ssh", NULL, "pid %d says: %s", (int)process->pid, line);
	if (is_confirmation(process, line)) {
		free(process->confirmation);
		process->confirmation = NULL;
		/* What was said before (a banner) explains no later end. */
		process->cause = SSH_UNKNOWN;
		free(process->said);
		process->said = NULL;
		return;
	}
	if (ssh_line_is_noise(line))
		return;
	cause = ssh_classify(line);
	if (cause < process->cause) {
		process->cause = cause;
		say(process, line);
	} else if (process->cause == SSH_UNKNOWN) {
		say(process, line);
	}
}

static void end_line(struct process *process)
{
	struct text *line = &process->line;

	while (line->length && line->data[line->length - 1] == '\r')
		line->data[--line->length] = '\0';
	take_line(process, line->data);
	text_clear(line);
}

static void take_bytes(
	struct process *process, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (bytes[i] == '\n')
			end_line(process);
		else if (bytes[i] && process->line.length < SSH_MAX_LINE)
			text_append_char(&process->line, bytes[i]);
	}
}

/* False at the end of the stream. */
static bool read_stderr(struct process *process)
{
	char buffer[MAX_READ];
	ssize_t got;

	do
		got = read(process->stderr_fd, buffer, sizeof(buffer));
	while (got < 0 && errno == EINTR);
	if (got > 0)
		take_bytes(process, buffer, (size_t)got);
	return got > 0 || (got < 0 && errno == EAGAIN);
}

static void on_stderr(uv_poll_t *poll, int status, int events)
{
	struct process *process = poll->data;

	(void)events;
	if (status < 0 || !read_stderr(process)) {
		/* Its end is not the process's end: that comes by SIGCHLD. */
		uv_poll_stop(poll);
		return;
	}
	if (!process->line.length)
		text_release(&process->line);
	if (process->confirmation || process->confirmed || process->stopping)
		return;
	process->confirmed = true;
	uv_timer_stop(&process->timer);
	process->handler.confirmed(process, process->handler.data);
}

/*
 * In the child, between vfork and exec: only what signal-safety(7) allows, and
 * nothing that the parent would miss, whose memory this is.
 */
static void __attribute__((noreturn))
become_ssh(char **argv, int stderr_fd, int null_fd, pid_t parent)
{
	static const char failure[] = "bridge: cannot run ssh: ";
	/* A handler would run in the parent's memory, and tell it nonsense. */
	static const int handled[] = {
		SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGPIPE};
	sigset_t none;
	const char *why;

	/* The parent may have died before the signal was asked for. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(127);
	setsid();
	for (size_t i = 0; i < COUNT(handled); i++)
		signal(handled[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(null_fd, STDIN_FILENO);
	dup2(null_fd, STDOUT_FILENO);
	dup2(stderr_fd, STDERR_FILENO);
	execvp(argv[0], argv);
	why = strerrordesc_np(errno);
	if (write(STDERR_FILENO, failure, sizeof(failure) - 1) < 0 ||
		(why && write(STDERR_FILENO, why, strlen(why)) < 0) ||
		write(STDERR_FILENO, "\n", 1) < 0)
		_exit(127);
	_exit(127);
}

/*
 * fork() would copy our page tables, and every page that is written afterwards:
 * for a thousand starts that is most of the work. Signals wait meanwhile.
 */
static pid_t start_child(char **argv, int stderr_fd, int null_fd)
{
	pid_t parent = getpid();
	sigset_t all;
	sigset_t before;
	pid_t pid;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pid = vfork();
	if (pid == 0)
		become_ssh(argv, stderr_fd, null_fd, parent);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return pid;
}

/* False with errno set. */
static bool fork_ssh(struct process *process, char **argv)
{
	AUTO_CLOSE int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	int ends[2];
	pid_t pid;

	if (null_fd < 0 || pipe2(ends, O_CLOEXEC))
		return false;
	pid = start_child(argv, ends[1], null_fd);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return false;
	}
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	process->pid = pid;
	process->stderr_fd = ends[0];
	trace_argv("start", (int)pid, argv);
	return true;
}

static void on_timer(uv_timer_t *timer)
{
	struct process *process = timer->data;

	if (!process->stopping) {
		process->cause = SSH_TIMEOUT;
		say(process, "no confirmation within 45 seconds");
	}
	kill(process->pid, SIGKILL);
}

static void release_process(struct process *process)
{
	free(process->confirmation);
	free(process->said);
	text_release(&process->line);
	free(process);
}

static void on_handle_closed(uv_handle_t *handle)
{
	struct process *process = handle->data;

	if (--process->open_handles)
		return;
	close(process->stderr_fd);
	release_process(process);
}

/* Watch a process that runs. */
static void watch(struct process *process)
{
	uv_loop_t *loop = process->all->loop;

	uv_poll_init(loop, &process->poll, process->stderr_fd);
	uv_timer_init(loop, &process->timer);
	process->poll.data = process;
	process->timer.data = process;
	process->open_handles = 2;
	uv_poll_start(&process->poll, UV_READABLE, on_stderr);
	process->started_at = uv_now(loop);
	process->next = process->all->list;
	process->all->list = process;
}

struct process *process_start(struct processes *all, char **argv,
	char *confirmation, struct process_handler handler, char **why)
{
	struct process *process = own_alloc(sizeof(*process));

	process->all = all;
	process->handler = handler;
	process->confirmation = confirmation;
	process->cause = SSH_UNKNOWN;
	process->line = (struct text)TEXT_INIT;
	if (!fork_ssh(process, argv)) {
		*why = own_strdup(strerror(errno));
		release_process(process);
		return NULL;
	}
	watch(process);
	uv_timer_start(&process->timer, on_timer, PROCESS_HANDSHAKE_MS, 0);
	return process;
}

/* From ssh, so it may be anything, and JSON wants UTF-8. */
static json_t *visible(const char *text)
{
	AUTO(text) shown = TEXT_INIT;

	text_append_visible(&shown, text ? text : "", text ? strlen(text) : 0);
	return text ? json_string(shown.data ? shown.data : "") : json_null();
}

json_t *process_save(const struct process *process)
{
	return json_pack("{s:i, s:i, s:o, s:b, s:s, s:o, s:o}", "pid",
		process->pid, "stderr", process->stderr_fd, "confirmation",
		visible(process->confirmation), "confirmed", process->confirmed,
		"cause", ssh_cause_name(process->cause), "said",
		visible(process->said), "line",
		visible(process->line.length ? process->line.data : NULL));
}

static char *restore_text(const json_t *saved, const char *key)
{
	const char *text = json_text(saved, key);

	return text ? own_strdup(text) : NULL;
}

void process_disown(const json_t *saved)
{
	pid_t pid = (pid_t)json_integer_value(json_object_get(saved, "pid"));

	if (pid > 1)
		kill(pid, SIGTERM);
}

struct process *process_restore(struct processes *all, const json_t *saved,
	struct process_handler handler)
{
	pid_t pid = (pid_t)json_integer_value(json_object_get(saved, "pid"));
	const json_t *fd = json_object_get(saved, "stderr");
	AUTO_FREE char *line = restore_text(saved, "line");
	struct process *process;

	if (pid <= 1)
		return NULL;
	if (!json_is_integer(fd) ||
		fcntl((int)json_integer_value(fd), F_SETFD, FD_CLOEXEC)) {
		process_disown(saved);
		return NULL;
	}
	process = own_alloc(sizeof(*process));
	process->all = all;
	process->handler = handler;
	process->pid = pid;
	process->stderr_fd = (int)json_integer_value(fd);
	process->confirmation = restore_text(saved, "confirmation");
	process->confirmed = json_is_true(json_object_get(saved, "confirmed"));
	process->cause = ssh_cause_find(json_text(saved, "cause"));
	process->said = restore_text(saved, "said");
	process->line = (struct text)TEXT_INIT;
	if (line)
		text_append(&process->line, line);
	watch(process);
	if (!process->confirmed)
		uv_timer_start(
			&process->timer, on_timer, PROCESS_HANDSHAKE_MS, 0);
	return process;
}

void process_stop(struct process *process)
{
	if (process->stopping)
		return;
	process->stopping = true;
	kill(process->pid, SIGTERM);
	uv_timer_start(&process->timer, on_timer, PROCESS_KILL_MS, 0);
}

/* What is left in the pipe says why it ended. */
static void drain(struct process *process)
{
	for (int i = 0; i < 16; i++) {
		errno = 0;
		if (!read_stderr(process) || errno == EAGAIN)
			break;
	}
	if (process->line.length)
		end_line(process);
}

static void describe_end(struct process *process, int status)
{
	char end[64];

	if (process->cause != SSH_UNKNOWN)
		return;
	if (WIFSIGNALED(status)) {
		process->cause = SSH_KILLED;
		snprintf(end, sizeof(end), "ssh was ended by signal %d",
			WTERMSIG(status));
		say(process, end);
	} else if (WEXITSTATUS(status) == 127) {
		process->cause = SSH_NOT_STARTED;
		if (!process->said)
			say(process, "ssh could not be started");
	} else if (!process->said) {
		snprintf(end, sizeof(end), "ssh ended with exit code %d",
			WEXITSTATUS(status));
		say(process, end);
	}
}

static void ended(struct process *process, int status)
{
	struct process **link = &process->all->list;

	while (*link != process)
		link = &(*link)->next;
	*link = process->next;
	drain(process);
	describe_end(process, status);
	process->handler.ended(process, process->handler.data);
	uv_close((uv_handle_t *)&process->poll, on_handle_closed);
	uv_close((uv_handle_t *)&process->timer, on_handle_closed);
}

static struct process *find_process(const struct processes *all, pid_t pid)
{
	struct process *process = all->list;

	while (process && process->pid != pid)
		process = process->next;
	return process;
}

void process_reap(struct processes *all)
{
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		struct process *process = find_process(all, pid);

		if (process)
			ended(process, status);
		else if (all->other)
			all->other(pid, status, all->data);
	}
}
