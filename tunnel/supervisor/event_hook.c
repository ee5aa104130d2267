#include "tunnel/supervisor/event_hook.h"

#include "schema/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct event_hook {
	struct event_hook *next;
	struct event_hooks *hooks;
	char *bridge;
	char **argv;
	char **environment;
	char *line;
	pid_t pid;
	bool late; /* SIGTERM was sent */
	bool cut;  /* the supervisor ends */
	uv_timer_t timer;
};

static void free_list(char **list)
{
	for (size_t i = 0; list && list[i]; i++)
		free(list[i]);
	free(list);
}

static void release_hook(struct event_hook *hook)
{
	free(hook->bridge);
	free_list(hook->argv);
	free_list(hook->environment);
	free(hook->line);
	free(hook);
}

static char **copy_argv(const struct strings *strings)
{
	char **argv = own_alloc((strings->count + 1) * sizeof(char *));

	for (size_t i = 0; i < strings->count; i++)
		argv[i] = own_strdup(strings->items[i]);
	return argv;
}

static bool is_set_by(
	const char *const pairs[][2], size_t count, const char *variable)
{
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(pairs[i][0]);

		if (!strncmp(variable, pairs[i][0], length) &&
			variable[length] == '=')
			return true;
	}
	return false;
}

/* Ours, in place of what we were started with. */
static char **make_environment(
	const struct bridge *bridge, const char *event, const char *state)
{
	const char *const pairs[][2] = {
		{"BRIDGE_NAME", bridge->name},
		{"BRIDGE_EVENT", event},
		{"BRIDGE_STATE", state},
		{"BRIDGE_ACTOR", bridge->actor},
	};
	size_t count = 0;
	size_t at = 0;
	char **list;

	while (environ[count])
		count++;
	list = own_alloc((count + COUNT(pairs) + 1) * sizeof(char *));
	for (size_t i = 0; i < COUNT(pairs); i++) {
		AUTO(text) pair = TEXT_INIT;

		text_format(&pair, "%s=%s", pairs[i][0], pairs[i][1]);
		list[at++] = text_detach(&pair);
	}
	for (size_t i = 0; i < count; i++)
		if (!is_set_by(pairs, COUNT(pairs), environ[i]))
			list[at++] = own_strdup(environ[i]);
	return list;
}

void event_hooks_init(struct event_hooks *hooks, uv_loop_t *loop,
	void (*failed)(const char *bridge, const char *line, const char *why,
		void *data),
	void (*idle)(void *data), void *data)
{
	*hooks = (struct event_hooks){
		.loop = loop, .failed = failed, .idle = idle, .data = data};
	hooks->last = &hooks->waiting;
}

bool event_hooks_are_idle(const struct event_hooks *hooks)
{
	return !hooks->running && !hooks->waiting;
}

/* With all that it has started, which is in its session: setsid(2). */
static void end(const struct event_hook *hook, int signal)
{
	kill(-hook->pid, signal);
	kill(hook->pid, signal);
}

static void on_late(uv_timer_t *timer)
{
	struct event_hook *hook = timer->data;

	end(hook, hook->late ? SIGKILL : SIGTERM);
	if (!hook->late)
		uv_timer_start(timer, on_late, EVENT_HOOK_KILL_MS, 0);
	hook->late = true;
}

/* In the child, between fork and exec: only what signal-safety(7) allows. */
static void __attribute__((noreturn))
become(const struct event_hook *hook, int input, int null_fd)
{
	sigset_t none;

	setsid();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	dup2(input, STDIN_FILENO);
	dup2(null_fd, STDOUT_FILENO);
	dup2(null_fd, STDERR_FILENO);
	if (chdir("/"))
		_exit(126);
	execvpe(hook->argv[0], hook->argv, hook->environment);
	_exit(errno == ENOENT ? 127 : 126);
}

/* A file in memory: nobody has to feed it. */
static int open_input(const char *line)
{
	size_t length = strlen(line);
	int fd = memfd_create("bridge-event", MFD_CLOEXEC);

	if (fd >= 0 && (write(fd, line, length) != (ssize_t)length ||
			       lseek(fd, 0, SEEK_SET))) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool start(struct event_hook *hook)
{
	AUTO_CLOSE int input = open_input(hook->line);
	AUTO_CLOSE int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (input < 0 || null_fd < 0)
		return false;
	hook->pid = fork();
	if (hook->pid == 0)
		become(hook, input, null_fd);
	return hook->pid > 0;
}

static bool is_running(const struct event_hooks *hooks, const char *bridge)
{
	for (const struct event_hook *hook = hooks->running; hook;
		hook = hook->next)
		if (!strcmp(hook->bridge, bridge))
			return true;
	return false;
}

/* The oldest whose bridge has none running; taken out of the queue. */
static struct event_hook *take_next(struct event_hooks *hooks)
{
	struct event_hook **link = &hooks->waiting;

	while (*link && is_running(hooks, (*link)->bridge))
		link = &(*link)->next;
	if (*link) {
		struct event_hook *hook = *link;

		*link = hook->next;
		if (!*link)
			hooks->last = link;
		hooks->waiting_count--;
		return hook;
	}
	return NULL;
}

static void start_waiting(struct event_hooks *hooks)
{
	struct event_hook *hook;

	while (hooks->running_count < EVENT_HOOK_MAX_RUNNING &&
		(hook = take_next(hooks))) {
		if (!start(hook)) {
			hooks->failed(hook->bridge, hook->line, strerror(errno),
				hooks->data);
			release_hook(hook);
			continue;
		}
		uv_timer_init(hooks->loop, &hook->timer);
		hook->timer.data = hook;
		uv_timer_start(&hook->timer, on_late, EVENT_HOOK_MAX_MS, 0);
		hook->next = hooks->running;
		hooks->running = hook;
		hooks->running_count++;
	}
}

static void leave_out_oldest(struct event_hooks *hooks, const char *why)
{
	struct event_hook *hook = hooks->waiting;

	hooks->waiting = hook->next;
	if (!hooks->waiting)
		hooks->last = &hooks->waiting;
	hooks->waiting_count--;
	hooks->failed(hook->bridge, hook->line, why, hooks->data);
	release_hook(hook);
}

void event_hooks_run(struct event_hooks *hooks, const struct bridge *bridge,
	const char *event, const char *state, const char *line)
{
	struct event_hook *hook;

	if (!bridge->on_event.count)
		return;
	hook = own_alloc(sizeof(*hook));
	hook->hooks = hooks;
	hook->bridge = own_strdup(bridge->name);
	hook->argv = copy_argv(&bridge->on_event);
	hook->environment = make_environment(bridge, event, state);
	hook->line = own_strdup(line);
	*hooks->last = hook;
	hooks->last = &hook->next;
	if (++hooks->waiting_count > EVENT_HOOK_MAX_WAITING)
		leave_out_oldest(hooks,
			"left out an event: too many hooks were waiting");
	start_waiting(hooks);
}

static void describe(char why[100], const struct event_hook *hook, int status)
{
	if (hook->cut)
		snprintf(why, 100, "on_event was ended with the supervisor");
	else if (hook->late)
		snprintf(why, 100, "on_event was ended after %d s",
			EVENT_HOOK_MAX_MS / 1000);
	else if (WIFSIGNALED(status))
		snprintf(why, 100, "on_event was ended by signal %d",
			WTERMSIG(status));
	else if (WEXITSTATUS(status) == 127)
		snprintf(why, 100, "on_event: there is no such command");
	else if (WEXITSTATUS(status) == 126)
		snprintf(why, 100, "on_event: the command cannot be run");
	else
		snprintf(why, 100, "on_event ended with exit code %d",
			WEXITSTATUS(status));
}

static void free_hook(uv_handle_t *handle)
{
	release_hook(handle->data);
}

bool event_hooks_reaped(struct event_hooks *hooks, pid_t pid, int status)
{
	struct event_hook **link = &hooks->running;
	struct event_hook *hook;
	char why[100];

	while (*link && (*link)->pid != pid)
		link = &(*link)->next;
	hook = *link;
	if (!hook)
		return false;
	*link = hook->next;
	hooks->running_count--;
	/* Others of its session may not have heard. */
	if (hook->late)
		kill(-pid, SIGKILL);
	if (hook->late || status) {
		describe(why, hook, status);
		hooks->failed(hook->bridge, hook->line, why, hooks->data);
	}
	uv_close((uv_handle_t *)&hook->timer, free_hook);
	start_waiting(hooks);
	if (event_hooks_are_idle(hooks))
		hooks->idle(hooks->data);
	return true;
}

void event_hooks_end(struct event_hooks *hooks)
{
	while (hooks->waiting)
		leave_out_oldest(
			hooks, "left out an event: the supervisor has ended");
	for (struct event_hook *hook = hooks->running; hook;
		hook = hook->next) {
		hook->cut = true;
		end(hook, SIGKILL);
	}
}
