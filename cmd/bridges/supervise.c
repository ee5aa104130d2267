/*
 * `bridge supervise`: the supervisor in the foreground, for systemd and the
 * like. It is the same shared supervisor; this process starts it, or finds it,
 * keeps it there without a bridge, tells how it is, and ends with it. With
 * --follow it applies what is defined, again and again.
 */
#include "catalog/store/watch.h"
#include "cmd/bridges/bring_up.h"
#include "cmd/bridges/plan.h"
#include "cmd/bridges/resume.h"
#include "cmd/bridges/sd_notify.h"
#include "cmd/bridges/upgrade.h"
#include "cmd/context/bridge_names.h"
#include "cmd/context/command.h"
#include "cmd/ui/output.h"
#include "schema/base/json_line.h"
#include "schema/base/version.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	CALM_MS = 200,   /* a push writes several files */
	AGAIN_MS = 5000, /* while what is to be followed cannot be read */
	END_MS = 20000,  /* the supervisor gives each ssh 5 s */
	GONE_MS = 500,   /* from its hanging up to its end, mostly */
};

struct supervise {
	const struct options *options;
	struct options quietly; /* for what is handed over */
	struct client client;
	struct sd_notify notify;
	struct watch *watch;
	int signals;
	long pid;         /* of the supervisor */
	int process;      /* a pidfd of it, or -1 */
	json_t *states;   /* by name */
	char *said;       /* the last complaint, not to be repeated */
	char *applied;    /* id of the revision, or NULL */
	int64_t apply_at; /* -1: nothing to apply */
	int64_t beat_at;  /* -1: no watchdog */
	json_int_t beat;  /* the request whose answer it waits for, or 0 */
	bool ready;
};

/* "3 bridges: 2 connected, 1 reconnecting" */
static void tell_status(const struct supervise *supervise)
{
	static const char *const words[] = {"connected", "degraded", "starting",
		"reconnecting", "failed", "stopping", "stopped"};
	size_t total = json_object_size(supervise->states);
	AUTO(text) text = TEXT_INIT;
	const char *separator = ": ";

	text_format(&text, "%zu bridge%s", total, total == 1 ? "" : "s");
	for (size_t i = 0; i < COUNT(words); i++) {
		size_t count = 0;
		const char *name;
		json_t *state;

		json_object_foreach(supervise->states, name, state)
			count += !strcmp(json_string_value(state), words[i]);
		if (!count)
			continue;
		text_format(&text, "%s%zu %s", separator, count, words[i]);
		separator = ", ";
	}
	sd_notify_send(&supervise->notify, "%sSTATUS=%s",
		supervise->ready ? "" : "READY=1\n", text.data);
}

static void print_event(
	const struct supervise *supervise, const json_t *message)
{
	const json_t *bridge = json_object_get(message, "bridge");
	const char *detail = json_text_or(
		json_object_get(bridge, "last_event"), "detail", "");
	AUTO(text) line = TEXT_INIT;
	AUTO(text) visible = TEXT_INIT;

	if (supervise->options->quiet)
		return;
	if (supervise->options->json) {
		AUTO_FREE char *json = json_dumps(message, JSON_COMPACT);

		puts(json ? json : "{}");
		return;
	}
	text_format(&line, "%s  %s%s%s", json_text_or(bridge, "name", ""),
		json_text_or(message, "event", ""), *detail ? "  " : "",
		detail);
	text_append_visible(&visible, line.data, line.length);
	puts(visible.data);
}

static void take_event(struct supervise *supervise, const json_t *message)
{
	const json_t *bridge = json_object_get(message, "bridge");
	const char *name = json_text_or(bridge, "name", "");
	json_t *state = json_object_get(bridge, "state");

	if (!json_is_string(state))
		return;
	if (!strcmp(json_string_value(state), "stopped"))
		json_object_del(supervise->states, name);
	else
		json_object_set(supervise->states, name, state);
	print_event(supervise, message);
}

/* False when the supervisor has gone. */
static bool take_messages(struct supervise *supervise)
{
	enum client_answer answer;
	bool any = false;
	json_t *message;

	while ((answer = client_next(&supervise->client, &message, 0)) ==
		CLIENT_MESSAGE) {
		if (supervise->beat &&
			json_integer_value(json_object_get(message, "id")) ==
				supervise->beat) {
			supervise->beat = 0;
			sd_notify_send(&supervise->notify, "WATCHDOG=1");
		} else if (json_object_get(message, "event")) {
			take_event(supervise, message);
			any = true;
		}
		json_decref(message);
	}
	json_decref(message);
	if (any) {
		tell_status(supervise);
		fflush(stdout);
	}
	return answer != CLIENT_LOST;
}

static bool call(struct supervise *supervise, enum control_op op,
	json_t **reply, struct diags *diags)
{
	return client_call(&supervise->client, op, NULL, reply, diags);
}

static bool attach(
	struct supervise *supervise, enum client_mode mode, struct diags *diags)
{
	json_auto_t *stays = NULL;
	json_auto_t *subscribed = NULL;
	json_auto_t *status = NULL;
	size_t i;
	json_t *bridge;

	if (!client_open(&supervise->client, mode, diags) ||
		supervise->client.fd < 0 ||
		!call(supervise, CONTROL_STAY, &stays, diags) ||
		!call(supervise, CONTROL_SUBSCRIBE, &subscribed, diags) ||
		!call(supervise, CONTROL_STATUS, &status, diags))
		return false;
	supervise->pid = supervise->client.supervisor_pid;
	supervise->process = (int)syscall(
		SYS_pidfd_open, (pid_t)supervise->pid, 0);
	json_array_foreach(json_object_get(status, "bridges"), i, bridge)
		json_object_set(supervise->states,
			json_text_or(bridge, "name", ""),
			json_object_get(bridge, "state"));
	return true;
}

/*
 * It hung up. When its process is still there it has become another program:
 * go on with that, as its version's own program if there is one.
 */
static bool attach_again(struct supervise *supervise, struct diags *diags)
{
	struct pollfd ended = {supervise->process, POLLIN, 0};

	if (supervise->process < 0 || poll(&ended, 1, 0) != 0)
		return false;
	close(supervise->process);
	supervise->process = -1;
	supervise->beat = 0;
	client_release(&supervise->client);
	json_object_clear(supervise->states);
	if (!attach(supervise, CLIENT_LOOK, diags) ||
		supervise->client.supervisor_pid != supervise->pid)
		return false;
	output_note("the supervisor (pid %ld) runs version %s now",
		supervise->client.supervisor_pid,
		supervise->client.supervisor_version);
	if (strcmp(supervise->client.supervisor_version, bridge_version) != 0) {
		sd_notify_put_back(&supervise->notify);
		upgrade_self();
	}
	tell_status(supervise);
	return true;
}

static void resume(struct supervise *supervise, struct diags *diags)
{
	AUTO(supervisor_query) query = SUPERVISOR_QUERY_INIT;
	json_auto_t *list = NULL;
	json_auto_t *bridges = NULL;
	struct bring_up_step step = {.op = CONTROL_UP};

	if (!supervisor_query_open(&query, QUERY_LIVE | QUERY_BRIEF, diags))
		return;
	list = resume_requests(&query, diags);
	step.requests = list;
	bring_up_all(&step, 1, &supervise->quietly, &bridges, diags);
}

static bool carry_out(struct supervise *supervise, struct resolver *resolver,
	struct diags *diags)
{
	AUTO(supervisor_query) query = SUPERVISOR_QUERY_INIT;
	AUTO(plan) plan = PLAN_INIT;
	json_auto_t *bridges = NULL;

	if (!supervisor_query_open(&query,
		    QUERY_LIVE | QUERY_BRIEF | QUERY_DEFINITIONS, diags) ||
		!plan_make(&plan, resolver, &query, supervise->options->prune,
			diags))
		return false;
	if (!supervise->options->quiet && !supervise->options->json)
		plan_print(&plan, false);
	fflush(stdout);
	return plan_carry_out(&plan, &query, &supervise->quietly, &bridges,
		       diags) != EXIT_UNABLE;
}

static const struct revision *revision_of(const struct resolver *resolver)
{
	return resolver->catalog ? resolver->catalog->revision : NULL;
}

/*
 * Watch first and read then: what changes in between is seen. Opening twice
 * costs little, and the watch needs to know which repository it is.
 */
static bool watch_and_open(struct supervise *supervise,
	struct resolver *resolver, struct diags *diags)
{
	AUTO(resolver) first = RESOLVER_INIT;
	AUTO(diags) ignored = DIAGS_INIT;
	AUTO_FREE char *usual = config_default_path();

	bridge_names_open(&first, supervise->options, &ignored);
	watch_close(supervise->watch);
	supervise->watch = watch_open(revision_of(&first),
		first.config.path ? first.config.path : usual);
	return bridge_names_open(resolver, supervise->options, diags) &&
	       !resolver->catalog_failed;
}

/* One that cannot be opened now may be there later. */
static bool can_follow(const struct options *options, struct diags *diags)
{
	AUTO(resolver) resolver = RESOLVER_INIT;
	AUTO(diags) ignored = DIAGS_INIT;
	const struct revision *revision;

	if (options->prune && !options->reapply) {
		output_error("--prune goes with --follow");
		return false;
	}
	if (!options->reapply)
		return true;
	bridge_names_open(&resolver, options, &ignored);
	revision = revision_of(&resolver);
	if (!revision || revision_kind(revision) == REVISION_COMMIT)
		return true;
	return diag_error(diags, NULL, RULE_GIT_REVISION,
		"--follow needs a revision that Git moves, a branch for "
		"instance, not %s",
		revision_name(revision));
}

static void note_revision(
	struct supervise *supervise, const struct resolver *resolver)
{
	const struct revision *revision = revision_of(resolver);
	const char *id = revision ? revision_id(revision) : "";

	if (supervise->applied && !strcmp(supervise->applied, id))
		return;
	free(supervise->applied);
	supervise->applied = own_strdup(id);
	if (*id && !supervise->options->quiet && !supervise->options->json)
		output_note("%s is at %.12s", revision_name(revision), id);
}

/* What runs becomes what is defined; while it cannot be read, try again. */
static bool apply(struct supervise *supervise, struct diags *diags)
{
	AUTO(resolver) resolver = RESOLVER_INIT;
	bool done = watch_and_open(supervise, &resolver, diags);

	if (done) {
		note_revision(supervise, &resolver);
		done = carry_out(supervise, &resolver, diags);
	}
	supervise->apply_at = -1;
	if (!done || !supervise->watch || watch_is_incomplete(supervise->watch))
		supervise->apply_at = client_now() + AGAIN_MS;
	return done;
}

/* What stays wrong is said once, however often it is tried. */
static void say(struct supervise *supervise, struct diags *diags)
{
	const char *first = diags->count ? diags->list[0].message : "";

	if (!supervise->said || strcmp(supervise->said, first) != 0)
		output_diags(diags, supervise->options->verbose);
	free(supervise->said);
	supervise->said = own_strdup(first);
}

static void apply_again(struct supervise *supervise)
{
	AUTO(diags) diags = DIAGS_INIT;

	apply(supervise, &diags);
	say(supervise, &diags);
}

/* Tunnels come back also when what is to be followed is out of reach. */
static void begin_supervising(struct supervise *supervise)
{
	AUTO(diags) diags = DIAGS_INIT;

	if (!supervise->options->reapply || !apply(supervise, &diags))
		resume(supervise, &diags);
	say(supervise, &diags);
}

static void beat(struct supervise *supervise)
{
	AUTO(diags) ignored = DIAGS_INIT;

	/* One that does not answer is not asked again, and not praised. */
	if (!supervise->beat)
		supervise->beat = client_send(&supervise->client, CONTROL_HELLO,
			json_pack("{s:i, s:s}", "protocol", CONTROL_PROTOCOL,
				"version", bridge_version),
			&ignored);
	supervise->beat_at = client_now() + supervise->notify.watchdog_ms;
}

static int wait_ms(const struct supervise *supervise)
{
	const int64_t times[] = {supervise->apply_at, supervise->beat_at};
	int64_t now = client_now();
	int64_t wait = -1;

	for (size_t i = 0; i < COUNT(times); i++) {
		int64_t left = times[i] > now ? times[i] - now : 0;

		if (times[i] >= 0 && (wait < 0 || left < wait))
			wait = left;
	}
	return wait > 1000000 ? 1000000 : (int)wait;
}

/* The signal to end on, or 0. */
static int take_signals(struct supervise *supervise)
{
	struct signalfd_siginfo info;

	while (read(supervise->signals, &info, sizeof(info)) ==
		(ssize_t)sizeof(info)) {
		if (info.ssi_signo != SIGHUP)
			return (int)info.ssi_signo;
		if (supervise->options->reapply)
			supervise->apply_at = client_now();
		else
			output_note("SIGHUP does nothing without --follow");
	}
	return 0;
}

/* It hangs up before it has written its last; who waits for us kills it. */
static bool wait_for_process(
	const struct supervise *supervise, int64_t deadline)
{
	struct pollfd fd = {supervise->process, POLLIN, 0};
	int64_t left = deadline - client_now();

	return supervise->process < 0 ||
	       poll(&fd, 1, left > 0 ? (int)left : 0) > 0;
}

static enum exit_status end_supervisor(struct supervise *supervise)
{
	AUTO(diags) ignored = DIAGS_INIT;
	int64_t deadline = client_now() + END_MS;

	sd_notify_send(&supervise->notify, "STOPPING=1");
	client_send(&supervise->client, CONTROL_END, NULL, &ignored);
	while (client_now() < deadline) {
		json_t *message;
		enum client_answer answer = client_next(
			&supervise->client, &message, deadline);

		if (json_object_get(message, "event"))
			take_event(supervise, message);
		json_decref(message);
		if (answer == CLIENT_MESSAGE)
			continue;
		if (answer == CLIENT_TIMEOUT)
			break;
		/* It ends, or another program has just taken its place. */
		if (wait_for_process(supervise, client_now() + GONE_MS))
			return EXIT_YES;
		client_release(&supervise->client);
		if (client_open(&supervise->client, CLIENT_LOOK, &ignored) &&
			supervise->client.fd >= 0)
			client_send(&supervise->client, CONTROL_END, NULL,
				&ignored);
		else if (wait_for_process(supervise, deadline))
			return EXIT_YES;
	}
	output_error("the supervisor (pid %ld) does not end", supervise->pid);
	return EXIT_UNABLE;
}

static enum exit_status run_loop(struct supervise *supervise)
{
	enum { SUPERVISOR, SIGNALS, WATCH, FDS };
	AUTO(diags) diags = DIAGS_INIT;

	for (;;) {
		struct pollfd fds[FDS] = {
			[SUPERVISOR] = {supervise->client.fd, POLLIN, 0},
			[SIGNALS] = {supervise->signals, POLLIN, 0},
			[WATCH] = {supervise->watch ? watch_fd(supervise->watch)
						    : -1,
				POLLIN, 0},
		};

		if (poll(fds, FDS, wait_ms(supervise)) < 0 && errno != EINTR)
			return EXIT_UNABLE;
		if (!take_messages(supervise) &&
			!attach_again(supervise, &diags)) {
			output_diags(&diags, false);
			output_error("the supervisor (pid %ld) is gone",
				supervise->pid);
			return EXIT_UNABLE;
		}
		if (take_signals(supervise))
			return end_supervisor(supervise);
		if (supervise->watch && watch_take(supervise->watch))
			supervise->apply_at = client_now() + CALM_MS;
		if (supervise->apply_at >= 0 &&
			supervise->apply_at <= client_now())
			apply_again(supervise);
		if (supervise->beat_at >= 0 &&
			supervise->beat_at <= client_now())
			beat(supervise);
	}
}

static void supervise_release(struct supervise *supervise)
{
	client_release(&supervise->client);
	sd_notify_close(&supervise->notify);
	watch_close(supervise->watch);
	json_decref(supervise->states);
	free(supervise->applied);
	free(supervise->said);
	if (supervise->signals >= 0)
		close(supervise->signals);
	if (supervise->process >= 0)
		close(supervise->process);
}

static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

enum exit_status command_supervise(const struct options *options)
{
	struct supervise supervise = {
		.options = options,
		.quietly = *options,
		.client = CLIENT_INIT,
		.signals = open_signals(),
		.process = -1,
		.states = json_object(),
		.apply_at = -1,
		.beat_at = -1,
	};
	AUTO(diags) diags = DIAGS_INIT;
	enum exit_status status = EXIT_UNABLE;

	if (options->upgrade) {
		supervise_release(&supervise);
		return upgrade_supervisor(options);
	}
	if (!can_follow(options, &diags)) {
		output_diags(&diags, options->verbose);
		supervise_release(&supervise);
		return EXIT_USAGE;
	}
	supervise.quietly.no_wait = true;
	sd_notify_open(&supervise.notify);
	if (attach(&supervise, CLIENT_START, &diags)) {
		begin_supervising(&supervise);
		if (supervise.notify.watchdog_ms)
			supervise.beat_at = client_now();
		tell_status(&supervise);
		supervise.ready = true;
		status = run_loop(&supervise);
	}
	output_diags(&diags, options->verbose);
	supervise_release(&supervise);
	return status;
}
