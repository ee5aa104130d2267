#include "tunnel/state.h"
#include "tunnel/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	MAX_READ = 16 * 1024, /* of ssh's stderr until others get a turn */
	MAX_HOSTS = 2 * 1024 * 1024,
};

/* LogVerbose puts "ssh.c:function():line (pid=N): " before what ssh says. */
static const char *without_place(const char *line)
{
	const char *pid = strstr(line, " (pid=");
	const char *end = pid ? strstr(pid, "): ") : NULL;

	return end ? end + 3 : line;
}

static void say(struct tunnel *tunnel, const char *line)
{
	free(tunnel->said);
	tunnel->said = own_strdup(without_place(line));
}

/* Port 3000 is no confirmation of 300; a Unix socket ends in ":-2". */
static bool is_confirmation(const struct tunnel *tunnel, const char *line)
{
	const char *wanted = tunnel->confirmation;
	const char *found = wanted ? strstr(line, wanted) : NULL;

	return found &&
	       (!found[strlen(wanted)] || found[strlen(wanted)] == ':');
}

/* One line of stderr, without its end. */
static void take_line(struct tunnel *tunnel, const char *line)
{
	enum ssh_cause cause;

	if (is_confirmation(tunnel, line)) {
		free(tunnel->confirmation);
		tunnel->confirmation = NULL;
		tunnel->confirmed = true;
		/* What was said before (a banner) explains no later end. */
		tunnel->cause = SSH_UNKNOWN;
		free(tunnel->said);
		tunnel->said = NULL;
		return;
	}
	if (ssh_line_is_noise(line))
		return;
	cause = ssh_classify(line);
	if (cause < tunnel->cause) {
		tunnel->cause = cause;
		say(tunnel, line);
	} else if (tunnel->cause == SSH_UNKNOWN) {
		say(tunnel, line);
	}
}

static void end_line(struct tunnel *tunnel)
{
	struct text *line = &tunnel->line;

	while (line->length && line->data[line->length - 1] == '\r')
		line->data[--line->length] = '\0';
	take_line(tunnel, line->data);
	text_clear(line);
}

static void take_bytes(struct tunnel *tunnel, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (bytes[i] == '\n')
			end_line(tunnel);
		else if (bytes[i] && tunnel->line.length < SSH_MAX_LINE)
			text_append_char(&tunnel->line, bytes[i]);
	}
}

/* False at the end of the stream. */
static bool read_stderr(struct tunnel *tunnel)
{
	char buffer[MAX_READ];
	ssize_t got;

	do
		got = read(tunnel->stderr_fd, buffer, sizeof(buffer));
	while (got < 0 && errno == EINTR);
	if (got > 0)
		take_bytes(tunnel, buffer, (size_t)got);
	return got > 0 || (got < 0 && errno == EAGAIN);
}

static void on_poll_closed(uv_handle_t *handle)
{
	close((int)(intptr_t)handle->data);
	free(handle);
}

static void close_stderr(struct tunnel *tunnel)
{
	if (!tunnel->stderr_poll)
		return;
	tunnel->stderr_poll->data = (void *)(intptr_t)tunnel->stderr_fd;
	uv_close((uv_handle_t *)tunnel->stderr_poll, on_poll_closed);
	tunnel->stderr_poll = NULL;
	tunnel->stderr_fd = -1;
	text_release(&tunnel->line);
}

static void on_stderr(uv_poll_t *poll, int status, int events)
{
	struct tunnel *tunnel = poll->data;
	bool before = tunnel->confirmed;

	(void)events;
	if (status < 0 || !read_stderr(tunnel)) {
		/* Its end is not the process's end: that comes by SIGCHLD. */
		uv_poll_stop(poll);
		return;
	}
	if (!tunnel->line.length)
		text_release(&tunnel->line);
	if (tunnel->confirmed && !before && tunnel->state != STATE_STOPPING) {
		tunnel->confirmed_at = uv_now(tunnel->supervisor->loop);
		uv_timer_stop(&tunnel->timer);
		tunnel_event(tunnel, EVENT_CONFIRMED, NULL, NULL);
	}
}

/*
 * In the child, between fork and exec: only what signal-safety(7) allows.
 */
static void __attribute__((noreturn))
become_ssh(char **argv, int stderr_fd, int null_fd, pid_t parent)
{
	static const char failure[] = "bridge: cannot run ssh: ";
	sigset_t none;
	const char *why;

	/* The parent may have died before the signal was asked for. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(127);
	setsid();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
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

static void on_handshake_timeout(uv_timer_t *timer)
{
	struct tunnel *tunnel = timer->data;

	tunnel->cause = SSH_TIMEOUT;
	say(tunnel, "no confirmation within 45 seconds");
	kill(tunnel->pid, SIGKILL);
}

/* False with errno set. */
static bool fork_ssh(struct tunnel *tunnel, char **argv)
{
	AUTO_CLOSE int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	int ends[2];
	pid_t parent = getpid();
	pid_t pid;

	if (null_fd < 0 || pipe2(ends, O_CLOEXEC))
		return false;
	pid = fork();
	if (pid == 0)
		become_ssh(argv, ends[1], null_fd, parent);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return false;
	}
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	tunnel->pid = pid;
	tunnel->stderr_fd = ends[0];
	return true;
}

/* As they are written from the last time, they do: the disk may be full. */
static bool write_hosts(int directory, const char *file, const char *keys)
{
	AUTO_FREE char *old = state_read(directory, file, MAX_HOSTS);
	size_t length = strlen(keys);

	if (old && strlen(old) + 1 == length && !strncmp(old, keys, length - 1))
		return true;
	return state_write(directory, file, keys, length, false);
}

/* The files ssh is pointed at, in the state directory where it runs. */
static bool prepare(struct tunnel *tunnel, struct text *hosts,
	struct text *socket, struct ssh_options *options)
{
	const struct bridge *bridge = &tunnel->bridge;

	options->old_ssh = tunnel->supervisor->old_ssh;
	if (bridge->health_url && !strcmp(bridge->health_from, "remote")) {
		text_format(socket, "./.%s.health", bridge->name);
		options->health_socket = socket->data;
	}
	if (bridge->host_keys.count) {
		AUTO_FREE char *keys = ssh_known_hosts(bridge);

		text_format(hosts, ".%s.hosts", bridge->name);
		options->known_hosts = hosts->data;
		return write_hosts(
			tunnel->supervisor->directory, hosts->data, keys);
	}
	return true;
}

bool process_start(struct tunnel *tunnel, char **why)
{
	struct ssh_options options = {.old_ssh = false};
	AUTO(diags) diags = DIAGS_INIT;
	AUTO(text) hosts = TEXT_INIT;
	AUTO(text) socket = TEXT_INIT;
	char **argv = NULL;
	bool started;

	tunnel->cause = SSH_UNKNOWN;
	tunnel->confirmed = false;
	free(tunnel->said);
	tunnel->said = NULL;
	text_clear(&tunnel->line);
	if (!prepare(tunnel, &hosts, &socket, &options)) {
		*why = own_strdup(strerror(errno));
		return false;
	}
	if (!ssh_argv(&argv, &tunnel->bridge, &options, &diags)) {
		*why = own_strdup(diags.list[0].message);
		tunnel->cause = SSH_CONFIG;
		return false;
	}
	started = fork_ssh(tunnel, argv);
	if (!started)
		*why = own_strdup(strerror(errno));
	ssh_argv_free(argv);
	if (!started)
		return false;
	tunnel->attempts++;
	free(tunnel->confirmation);
	tunnel->confirmation = ssh_confirmation(&tunnel->bridge);
	tunnel->stderr_poll = own_alloc(sizeof(*tunnel->stderr_poll));
	uv_poll_init(tunnel->supervisor->loop, tunnel->stderr_poll,
		tunnel->stderr_fd);
	tunnel->stderr_poll->data = tunnel;
	uv_poll_start(tunnel->stderr_poll, UV_READABLE, on_stderr);
	uv_timer_start(
		&tunnel->timer, on_handshake_timeout, SSH_HANDSHAKE_MS, 0);
	return true;
}

static void on_kill_timeout(uv_timer_t *timer)
{
	struct tunnel *tunnel = timer->data;

	if (tunnel->pid)
		kill(tunnel->pid, SIGKILL);
}

void process_stop(struct tunnel *tunnel)
{
	kill(tunnel->pid, SIGTERM);
	uv_timer_start(&tunnel->timer, on_kill_timeout, SUPERVISOR_KILL_MS, 0);
}

/* What is left in the pipe says why it ended. */
static void drain(struct tunnel *tunnel)
{
	for (int i = 0; i < 16; i++) {
		errno = 0;
		if (!read_stderr(tunnel) || errno == EAGAIN)
			break;
	}
	if (tunnel->line.length)
		end_line(tunnel);
}

static void describe_end(struct tunnel *tunnel, int status)
{
	char end[64];

	if (tunnel->cause != SSH_UNKNOWN)
		return;
	if (WIFSIGNALED(status)) {
		tunnel->cause = SSH_KILLED;
		snprintf(end, sizeof(end), "ssh was ended by signal %d",
			WTERMSIG(status));
		say(tunnel, end);
	} else if (WEXITSTATUS(status) == 127) {
		tunnel->cause = SSH_NOT_STARTED;
		if (!tunnel->said)
			say(tunnel, "ssh could not be started");
	} else if (!tunnel->said) {
		snprintf(end, sizeof(end), "ssh ended with exit code %d",
			WEXITSTATUS(status));
		say(tunnel, end);
	}
}

/* An ssh before 8.5 refuses LogVerbose: start over with debug output. */
static bool is_old_ssh(struct tunnel *tunnel)
{
	if (tunnel->supervisor->old_ssh || tunnel->cause != SSH_CONFIG ||
		!tunnel->said || !strcasestr(tunnel->said, "logverbose"))
		return false;
	tunnel->supervisor->old_ssh = true;
	return true;
}

static void ended(struct tunnel *tunnel, int status)
{
	struct supervisor *supervisor = tunnel->supervisor;
	struct backoff *backoff = &tunnel->backoff;
	bool was_up = tunnel->confirmed;
	uint64_t up_ms = 0;
	uint32_t chance;
	uint64_t wait;
	bool final;
	AUTO(text) detail = TEXT_INIT;

	drain(tunnel);
	describe_end(tunnel, status);
	close_stderr(tunnel);
	uv_timer_stop(&tunnel->timer);
	tunnel->pid = 0;
	if (tunnel->state != STATE_STOPPING && is_old_ssh(tunnel)) {
		tunnel->queued = true;
		return;
	}
	if (tunnel->state == STATE_STOPPING) {
		tunnel->confirmed = false;
		tunnel_event(tunnel, EVENT_EXITED,
			tunnel->next ? "restart" : supervisor->stop_reason,
			NULL);
		return;
	}
	/* Confirmed only in what was left to read: it has never been up. */
	if (was_up)
		up_ms = uv_now(supervisor->loop) - tunnel->confirmed_at + 1;
	tunnel->confirmed = false;
	uv_random(NULL, NULL, &chance, sizeof(chance), 0, NULL);
	wait = backoff_next(backoff, tunnel->cause, up_ms, chance);
	tunnel->retry_at = uv_now(supervisor->loop) + wait;
	final = ssh_cause_is_final(tunnel->cause);
	text_append(&detail, tunnel->said ? tunnel->said : "");
	if (!final && tunnel->bridge.max_attempts &&
		backoff->failures >= tunnel->bridge.max_attempts) {
		final = true;
		text_format(&detail, " (attempt %u of %u)", backoff->failures,
			tunnel->bridge.max_attempts);
	}
	if (*ssh_cause_advice(tunnel->cause))
		text_format(&detail, "; %s", ssh_cause_advice(tunnel->cause));
	tunnel_event(tunnel, final ? EVENT_GAVE_UP : EVENT_EXITED, detail.data,
		ssh_cause_name(tunnel->cause));
}

void process_reap(struct supervisor *supervisor)
{
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (size_t i = 0; i < supervisor->count; i++)
			if (supervisor->tunnels[i]->pid == pid) {
				ended(supervisor->tunnels[i], status);
				break;
			}
	}
	supervisor_dispatch(supervisor);
}
