#include "cmd/doctor/check_server.h"

#include "cmd/doctor/check_ssh.h"
#include "cmd/doctor/run_probe.h"
#include "cmd/ui/output.h"
#include "schema/base/json_line.h"

#include <stdlib.h>
#include <string.h>

static bool run_there(struct subject *subject, const char *command,
	const char *input, struct probe *probe)
{
	const struct ssh_options options = {.probe = SSH_PROBE_COMMAND,
		.command = command,
		.accept_any_key = subject->transcript.key_unknown};

	probe->input = input;
	return check_ssh_run(subject, options, NULL, probe) &&
	       probe->out.length;
}

/*
 * A key or an account that is bound to a command would run that, whatever it
 * is given: a key's options must be known, and nothing but a word, as only a
 * shell makes it, is given to it before that word has come back.
 */
static bool may_run_commands(struct subject *subject)
{
	AUTO(probe) probe = PROBE_INIT;

	return subject->transcript.options_seen &&
	       !subject->transcript.forced_command &&
	       run_there(subject, "echo bridge-''shell", NULL, &probe) &&
	       strstr(probe.out.data, "bridge-shell");
}

/* NULL when the server does not tell. */
static const struct server_survey *ask_server(struct subject *subject)
{
	AUTO(text) command = TEXT_INIT;
	AUTO(probe) probe = PROBE_INIT;

	if (!subject->surveyed) {
		subject->surveyed = true;
		text_format(&command, "sh -s %u", subject->bridge->remote_port);
		if (may_run_commands(subject) &&
			run_there(subject, command.data, server_survey_script(),
				&probe))
			server_survey_read(&subject->survey, probe.out.data);
	}
	return subject->survey.ran ? &subject->survey : NULL;
}

static bool is_connected(const struct subject *subject)
{
	const char *state = json_text(subject->status, "state");

	return state &&
	       (!strcmp(state, "connected") || !strcmp(state, "degraded"));
}

static enum verdict forbidden(
	struct subject *subject, struct text *found, struct text *fix)
{
	const struct ssh_transcript *transcript = &subject->transcript;

	text_format(found, " is not permitted: %s", transcript->refusal);
	if (transcript->options_seen &&
		!strstr(transcript->options, "port-forwarding"))
		text_append(fix, "in authorized_keys, add port-forwarding to "
				 "the key's options");
	else if (transcript->options_seen &&
		 strstr(transcript->options, "permitlisten"))
		text_format(fix, "in authorized_keys, permitlisten=\"%s:%u\"",
			subject->bridge->remote_bind,
			subject->bridge->remote_port);
	else
		text_append(fix, "in sshd_config, AllowTcpForwarding yes (or "
				 "remote), and PermitListen; ports below "
				 "1024 are root's");
	return VERDICT_FAILURE;
}

/* Of two addresses with ports: the same host? */
static bool is_same_host(const char *peer, const char *host)
{
	const char *colon = strrchr(peer, ':');
	size_t length = strlen(host);

	peer += *peer == '[';
	return colon && length && !strncmp(peer, host, length) &&
	       (peer[length] == ':' || peer[length] == ']');
}

static void describe_session(const struct server_survey *survey,
	const struct holder *holder, unsigned port, struct text *found,
	struct text *fix)
{
	text_append(found, "an sshd session");
	if (*holder->peer)
		text_format(found, " from %s%s", holder->peer,
			is_same_host(holder->peer, survey->from)
				? ", as this machine is seen there"
				: "");
	if (holder->pid) {
		text_format(found, " (pid %ld)", holder->pid);
		text_format(fix, "if it is dead, there: kill %ld", holder->pid);
	} else {
		text_append(found, " of the same user");
		text_format(fix,
			"there, as root: ss -tlnp 'sport = :%u' shows its pid; "
			"if it is dead, kill it",
			port);
	}
	text_append(fix, "; ClientAliveInterval 15 in sshd_config ends dead "
			 "sessions");
}

static void describe_program(const struct holder *holder, unsigned port,
	struct text *found, struct text *fix)
{
	if (*holder->program)
		text_format(
			found, "%s (pid %ld)", holder->program, holder->pid);
	else
		text_format(found, "a process of user %ld", holder->uid);
	if (*holder->program)
		text_append(fix, "end it there, or choose another "
				 "remote_port");
	else
		text_format(fix,
			"there, as root: ss -tlnp 'sport = :%u' shows which",
			port);
}

static const struct holder *first_in_the_way(
	const struct server_survey *survey, const char *bind)
{
	for (size_t i = 0; i < survey->count; i++)
		if (server_survey_is_in_the_way(&survey->holders[i], bind))
			return &survey->holders[i];
	return NULL;
}

enum { FIRST_FREE_PORT = 1024 };

static bool is_roots(const struct bridge *bridge)
{
	return bridge->remote_port < FIRST_FREE_PORT &&
	       strcmp(bridge->ssh_user, "root") != 0;
}

static enum verdict taken(
	struct subject *subject, struct text *found, struct text *fix)
{
	unsigned port = subject->bridge->remote_port;
	const struct server_survey *survey = ask_server(subject);
	const struct holder *holder =
		survey ? first_in_the_way(survey, subject->bridge->remote_bind)
		       : NULL;

	if (!holder && is_roots(subject->bridge)) {
		text_append(found, " is refused: ports below 1024 are root's");
		text_append(fix, "choose a remote_port from 1024, or log in "
				 "as root");
		return VERDICT_FAILURE;
	}
	if (!survey || !survey->listed) {
		text_append(found, " is taken there, by a session that has "
				   "died or by another program");
		text_format(fix,
			"there: ss -tlnp 'sport = :%u' shows whose it is; "
			"ClientAliveInterval 15 in sshd_config ends dead "
			"sessions",
			port);
		return VERDICT_FAILURE;
	}
	if (!holder) {
		text_append(found, " was refused, and nobody listens there "
				   "now");
		text_append(fix, "look again; if it stays so: "
				 "AllowTcpForwarding and PermitListen in "
				 "sshd_config, permitlisten in "
				 "authorized_keys");
		return VERDICT_FAILURE;
	}
	text_append(found, " is taken there, by ");
	if (server_survey_is_session(survey, holder))
		describe_session(survey, holder, port, found, fix);
	else
		describe_program(holder, port, found, fix);
	return VERDICT_FAILURE;
}

/* Which of them is ours cannot be told. */
static bool describe_two(const struct server_survey *survey,
	const struct holder *first, const struct holder *second, unsigned port,
	struct text *found, struct text *fix)
{
	AUTO(text) ignored = TEXT_INIT;

	text_format(found, "; but two share it: %s, ", first->address);
	describe_session(survey, first, port, found, &ignored);
	text_format(found, ", and %s, ", second->address);
	describe_session(survey, second, port, found, &ignored);
	text_append(fix, "end the one that is not this bridge's, there: kill "
			 "its pid");
	return true;
}

/*
 * sshd binds what is left of `*` and of localhost, and says that all is well.
 * What it has bound for this very check is still there, perhaps, and is ours.
 */
static bool is_shared(
	struct subject *subject, struct text *found, struct text *fix)
{
	const struct server_survey *survey = ask_server(subject);
	unsigned port = subject->bridge->remote_port;
	const struct holder *session = NULL;

	if (!server_survey_can_place(subject->bridge->remote_bind))
		return false;
	for (size_t i = 0; survey && i < survey->count; i++) {
		const struct holder *holder = &survey->holders[i];

		if (!*holder->program || !server_survey_is_in_the_way(holder,
						 subject->bridge->remote_bind))
			continue;
		if (!server_survey_is_session(survey, holder)) {
			text_format(found, "; but who asks %s there gets ",
				holder->address);
			describe_program(holder, port, found, fix);
			return true;
		}
		if (session && session->pid != holder->pid)
			return describe_two(
				survey, session, holder, port, found, fix);
		session = holder;
	}
	return false;
}

static const char clientspecified[] =
	"in sshd_config, GatewayPorts clientspecified";

/* Of one that is there: on which address? */
static bool is_elsewhere(
	struct subject *subject, struct text *found, struct text *fix)
{
	const struct server_survey *survey = ask_server(subject);
	const char *bind = subject->bridge->remote_bind;

	if (!survey || !survey->count)
		return false;
	for (size_t i = 0; i < survey->count; i++)
		if (server_survey_is_bound(&survey->holders[i], bind))
			return false;
	text_format(found, "; but sshd listens on %s instead (GatewayPorts)",
		survey->holders[0].address);
	text_append(fix, clientspecified);
	return true;
}

/* Of one that is not: where would it be? */
static enum verdict judge_gateway(
	struct subject *subject, struct text *found, struct text *fix)
{
	const struct server_survey *survey = ask_server(subject);
	const char *ports = survey ? survey->gateway_ports : "";

	if (server_survey_is_loopback(subject->bridge->remote_bind)) {
		if (strcmp(ports, "yes") != 0)
			return VERDICT_OK;
		text_append(found, "; but with GatewayPorts yes the server "
				   "listens on every address");
		text_append(fix, clientspecified);
		return VERDICT_WARNING;
	}
	if (!strcmp(ports, "yes") || !strcmp(ports, "clientspecified"))
		return VERDICT_OK;
	text_append(fix, clientspecified);
	if (!strcmp(ports, "no")) {
		text_append(found, "; but with GatewayPorts no the server "
				   "takes loopback instead, and does not say "
				   "so");
		return VERDICT_FAILURE;
	}
	text_append(found, "; with GatewayPorts no the server takes loopback "
			   "instead, and does not say so");
	return VERDICT_WARNING;
}

enum verdict check_server_forward(
	struct subject *subject, struct text *found, struct text *fix)
{
	const struct ssh_transcript *transcript = &subject->transcript;
	const struct bridge *bridge = subject->bridge;
	bool own = transcript->forward_refused && !transcript->forbidden &&
		   is_connected(subject);

	text_format(found, "%s:%u", bridge->remote_bind, bridge->remote_port);
	if (transcript->forbidden)
		return forbidden(subject, found, fix);
	if (transcript->forward_refused && !own)
		return taken(subject, found, fix);
	if (!transcript->forwarded && !own) {
		text_append(found, ": no answer from the server");
		check_ssh_advise(fix, transcript->cause);
		return VERDICT_FAILURE;
	}
	text_append(
		found, own ? " is held by the bridge itself" : " can be bound");
	if (is_shared(subject, found, fix))
		return VERDICT_FAILURE;
	if (!own)
		return judge_gateway(subject, found, fix);
	return is_elsewhere(subject, found, fix) ? VERDICT_FAILURE : VERDICT_OK;
}

static bool judge_alive(const struct server_survey *survey, struct text *found,
	struct text *fix)
{
	if (survey->alive_interval < 0) {
		text_append(found, "ClientAliveInterval cannot be read with "
				   "this login");
		return false;
	}
	text_format(found, "ClientAliveInterval %ld", survey->alive_interval);
	if (survey->alive_interval && survey->alive_count_max) {
		if (survey->alive_count_max > 0)
			text_format(found, ", ClientAliveCountMax %ld",
				survey->alive_count_max);
		return true;
	}
	if (survey->alive_interval)
		text_append(found, ", ClientAliveCountMax 0");
	text_append(found, ": a session whose network dies keeps the port for "
			   "hours");
	text_append(fix, "in sshd_config, ClientAliveInterval 15 and "
			 "ClientAliveCountMax 3");
	return false;
}

enum verdict check_server_alive(
	struct subject *subject, struct text *found, struct text *fix)
{
	const struct server_survey *survey = ask_server(subject);
	bool ends_dead_sessions;

	if (!survey) {
		text_append(found, "its settings cannot be read with this key");
		return VERDICT_SKIPPED;
	}
	ends_dead_sessions = judge_alive(survey, found, fix);
	if (survey->fail2ban) {
		text_append(found, "; fail2ban is at work");
		text_format(fix, "%sadd this machine to fail2ban's ignoreip",
			fix->length ? "; " : "");
	}
	if (survey->alive_interval < 0)
		return VERDICT_SKIPPED;
	return ends_dead_sessions ? VERDICT_OK : VERDICT_WARNING;
}
