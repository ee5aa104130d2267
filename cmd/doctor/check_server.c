#include "cmd/doctor/checks.h"
#include "schema/base/json_line.h"

#include "cmd/doctor/run_probe.h"
#include "cmd/ui/output.h"

#include <stdlib.h>
#include <string.h>

static bool run_there(struct patient *patient, const char *command,
	const char *input, struct probe *probe)
{
	const struct ssh_options options = {.probe = SSH_PROBE_COMMAND,
		.command = command,
		.accept_any_key = patient->story.key_unknown};

	probe->input = input;
	return check_run_ssh(patient, options, NULL, probe) &&
	       probe->out.length;
}

/*
 * A key or an account that is bound to a command would run that, whatever it
 * is given: a key's options must be known, and nothing but a word, as only a
 * shell makes it, is given to it before that word has come back.
 */
static bool may_run_commands(struct patient *patient)
{
	AUTO(probe) probe = PROBE_INIT;

	return patient->story.options_seen && !patient->story.forced_command &&
	       run_there(patient, "echo bridge-''shell", NULL, &probe) &&
	       strstr(probe.out.data, "bridge-shell");
}

/* NULL when the server does not tell. */
static const struct survey *ask_server(struct patient *patient)
{
	AUTO(text) command = TEXT_INIT;
	AUTO(probe) probe = PROBE_INIT;

	if (!patient->surveyed) {
		patient->surveyed = true;
		text_format(&command, "sh -s %u", patient->bridge->remote_port);
		if (may_run_commands(patient) &&
			run_there(
				patient, command.data, survey_script(), &probe))
			survey_read(&patient->survey, probe.out.data);
	}
	return patient->survey.ran ? &patient->survey : NULL;
}

static bool is_connected(const struct patient *patient)
{
	const char *state = json_text(patient->status, "state");

	return state &&
	       (!strcmp(state, "connected") || !strcmp(state, "degraded"));
}

static enum verdict forbidden(
	struct patient *patient, struct text *found, struct text *mend)
{
	const struct story *story = &patient->story;

	text_format(found, " is not permitted: %s", story->refusal);
	if (story->options_seen && !strstr(story->options, "port-forwarding"))
		text_append(mend, "in authorized_keys, add port-forwarding to "
				  "the key's options");
	else if (story->options_seen && strstr(story->options, "permitlisten"))
		text_format(mend, "in authorized_keys, permitlisten=\"%s:%u\"",
			patient->bridge->remote_bind,
			patient->bridge->remote_port);
	else
		text_append(mend, "in sshd_config, AllowTcpForwarding yes (or "
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

static void describe_session(const struct survey *survey,
	const struct holder *holder, unsigned port, struct text *found,
	struct text *mend)
{
	text_append(found, "an sshd session");
	if (*holder->peer)
		text_format(found, " from %s%s", holder->peer,
			is_same_host(holder->peer, survey->from)
				? ", as this machine is seen there"
				: "");
	if (holder->pid) {
		text_format(found, " (pid %ld)", holder->pid);
		text_format(
			mend, "if it is dead, there: kill %ld", holder->pid);
	} else {
		text_append(found, " of the same user");
		text_format(mend,
			"there, as root: ss -tlnp 'sport = :%u' shows its pid; "
			"if it is dead, kill it",
			port);
	}
	text_append(mend, "; ClientAliveInterval 15 in sshd_config ends dead "
			  "sessions");
}

static void describe_program(const struct holder *holder, unsigned port,
	struct text *found, struct text *mend)
{
	if (*holder->program)
		text_format(
			found, "%s (pid %ld)", holder->program, holder->pid);
	else
		text_format(found, "a process of user %ld", holder->uid);
	if (*holder->program)
		text_append(mend, "end it there, or choose another "
				  "remote_port");
	else
		text_format(mend,
			"there, as root: ss -tlnp 'sport = :%u' shows which",
			port);
}

static const struct holder *first_in_the_way(
	const struct survey *survey, const char *bind)
{
	for (size_t i = 0; i < survey->count; i++)
		if (survey_is_in_the_way(&survey->holders[i], bind))
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
	struct patient *patient, struct text *found, struct text *mend)
{
	unsigned port = patient->bridge->remote_port;
	const struct survey *survey = ask_server(patient);
	const struct holder *holder =
		survey ? first_in_the_way(survey, patient->bridge->remote_bind)
		       : NULL;

	if (!holder && is_roots(patient->bridge)) {
		text_append(found, " is refused: ports below 1024 are root's");
		text_append(mend, "choose a remote_port from 1024, or log in "
				  "as root");
		return VERDICT_FAILURE;
	}
	if (!survey || !survey->listed) {
		text_append(found, " is taken there, by a session that has "
				   "died or by another program");
		text_format(mend,
			"there: ss -tlnp 'sport = :%u' shows whose it is; "
			"ClientAliveInterval 15 in sshd_config ends dead "
			"sessions",
			port);
		return VERDICT_FAILURE;
	}
	if (!holder) {
		text_append(found, " was refused, and nobody listens there "
				   "now");
		text_append(mend, "look again; if it stays so: "
				  "AllowTcpForwarding and PermitListen in "
				  "sshd_config, permitlisten in "
				  "authorized_keys");
		return VERDICT_FAILURE;
	}
	text_append(found, " is taken there, by ");
	if (survey_is_session(survey, holder))
		describe_session(survey, holder, port, found, mend);
	else
		describe_program(holder, port, found, mend);
	return VERDICT_FAILURE;
}

/* Which of them is ours cannot be told. */
static bool describe_two(const struct survey *survey,
	const struct holder *first, const struct holder *second, unsigned port,
	struct text *found, struct text *mend)
{
	AUTO(text) ignored = TEXT_INIT;

	text_format(found, "; but two share it: %s, ", first->address);
	describe_session(survey, first, port, found, &ignored);
	text_format(found, ", and %s, ", second->address);
	describe_session(survey, second, port, found, &ignored);
	text_append(mend, "end the one that is not this bridge's, there: kill "
			  "its pid");
	return true;
}

/*
 * sshd binds what is left of `*` and of localhost, and says that all is well.
 * What it has bound for this very check is still there, perhaps, and is ours.
 */
static bool is_shared(
	struct patient *patient, struct text *found, struct text *mend)
{
	const struct survey *survey = ask_server(patient);
	unsigned port = patient->bridge->remote_port;
	const struct holder *session = NULL;

	if (!survey_can_place(patient->bridge->remote_bind))
		return false;
	for (size_t i = 0; survey && i < survey->count; i++) {
		const struct holder *holder = &survey->holders[i];

		if (!*holder->program || !survey_is_in_the_way(holder,
						 patient->bridge->remote_bind))
			continue;
		if (!survey_is_session(survey, holder)) {
			text_format(found, "; but who asks %s there gets ",
				holder->address);
			describe_program(holder, port, found, mend);
			return true;
		}
		if (session && session->pid != holder->pid)
			return describe_two(
				survey, session, holder, port, found, mend);
		session = holder;
	}
	return false;
}

static const char clientspecified[] =
	"in sshd_config, GatewayPorts clientspecified";

/* Of one that is there: on which address? */
static bool is_elsewhere(
	struct patient *patient, struct text *found, struct text *mend)
{
	const struct survey *survey = ask_server(patient);
	const char *bind = patient->bridge->remote_bind;

	if (!survey || !survey->count)
		return false;
	for (size_t i = 0; i < survey->count; i++)
		if (survey_is_bound(&survey->holders[i], bind))
			return false;
	text_format(found, "; but sshd listens on %s instead (GatewayPorts)",
		survey->holders[0].address);
	text_append(mend, clientspecified);
	return true;
}

/* Of one that is not: where would it be? */
static enum verdict judge_gateway(
	struct patient *patient, struct text *found, struct text *mend)
{
	const struct survey *survey = ask_server(patient);
	const char *ports = survey ? survey->gateway_ports : "";

	if (survey_is_loopback(patient->bridge->remote_bind)) {
		if (strcmp(ports, "yes") != 0)
			return VERDICT_OK;
		text_append(found, "; but with GatewayPorts yes the server "
				   "listens on every address");
		text_append(mend, clientspecified);
		return VERDICT_WARNING;
	}
	if (!strcmp(ports, "yes") || !strcmp(ports, "clientspecified"))
		return VERDICT_OK;
	text_append(mend, clientspecified);
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

enum verdict check_forward(
	struct patient *patient, struct text *found, struct text *mend)
{
	const struct story *story = &patient->story;
	const struct bridge *bridge = patient->bridge;
	bool own = story->forward_refused && !story->forbidden &&
		   is_connected(patient);

	text_format(found, "%s:%u", bridge->remote_bind, bridge->remote_port);
	if (story->forbidden)
		return forbidden(patient, found, mend);
	if (story->forward_refused && !own)
		return taken(patient, found, mend);
	if (!story->forwarded && !own) {
		text_append(found, ": no answer from the server");
		check_advise(mend, story->cause);
		return VERDICT_FAILURE;
	}
	text_append(
		found, own ? " is held by the bridge itself" : " can be bound");
	if (is_shared(patient, found, mend))
		return VERDICT_FAILURE;
	if (!own)
		return judge_gateway(patient, found, mend);
	return is_elsewhere(patient, found, mend) ? VERDICT_FAILURE
						  : VERDICT_OK;
}

static bool judge_alive(
	const struct survey *survey, struct text *found, struct text *mend)
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
	text_append(mend, "in sshd_config, ClientAliveInterval 15 and "
			  "ClientAliveCountMax 3");
	return false;
}

enum verdict check_alive(
	struct patient *patient, struct text *found, struct text *mend)
{
	const struct survey *survey = ask_server(patient);
	bool ends_dead_sessions;

	if (!survey) {
		text_append(found, "its settings cannot be read with this key");
		return VERDICT_SKIPPED;
	}
	ends_dead_sessions = judge_alive(survey, found, mend);
	if (survey->fail2ban) {
		text_append(found, "; fail2ban is at work");
		text_format(mend, "%sadd this machine to fail2ban's ignoreip",
			mend->length ? "; " : "");
	}
	if (survey->alive_interval < 0)
		return VERDICT_SKIPPED;
	return ends_dead_sessions ? VERDICT_OK : VERDICT_WARNING;
}
