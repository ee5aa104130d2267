#include "cmd/doctor/checks.h"

#include "cmd/doctor/probe.h"
#include "cmd/output.h"

#include <stdlib.h>
#include <string.h>

/*
 * A key that is bound to a command would run that instead of ours: it is asked
 * only when its options are known. NULL when the server does not tell.
 */
static const struct survey *ask_server(struct patient *patient)
{
	AUTO(text) command = TEXT_INIT;
	struct ssh_options options = {.probe = SSH_PROBE_COMMAND,
		.accept_any_key = patient->story.key_unknown};
	AUTO(probe) probe = PROBE_INIT;

	if (!patient->story.options_seen || patient->story.forced_command)
		return NULL;
	if (!patient->surveyed) {
		patient->surveyed = true;
		text_format(&command, "sh -s %u", patient->bridge->remote_port);
		options.command = command.data;
		probe.input = survey_script();
		check_run_ssh(patient, options, NULL, &probe);
		survey_read(&patient->survey,
			probe.out.length ? probe.out.data : "");
	}
	return patient->survey.ran ? &patient->survey : NULL;
}

static bool is_loopback(const char *bind)
{
	return !strncmp(bind, "127.", 4) || !strcmp(bind, "::1") ||
	       !strcmp(bind, "[::1]") || !strcmp(bind, "localhost");
}

static bool is_connected(const struct patient *patient)
{
	const char *state = json_string_value(
		json_object_get(patient->status, "state"));

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

static enum verdict taken(
	struct patient *patient, struct text *found, struct text *mend)
{
	unsigned port = patient->bridge->remote_port;
	const struct survey *survey = ask_server(patient);
	const struct holder *holder;

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
	holder = first_in_the_way(survey, patient->bridge->remote_bind);
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

/*
 * sshd binds what is left of `*` and of localhost, and says that all is well.
 * What it has bound for this very check is still there, perhaps.
 */
static bool is_shared(
	struct patient *patient, struct text *found, struct text *mend)
{
	const struct survey *survey = ask_server(patient);

	for (size_t i = 0; survey && i < survey->count; i++) {
		const struct holder *holder = &survey->holders[i];

		if (!*holder->program || survey_is_session(survey, holder) ||
			!survey_is_in_the_way(
				holder, patient->bridge->remote_bind))
			continue;
		text_format(found, "; but who asks %s there gets ",
			holder->address);
		describe_program(
			holder, patient->bridge->remote_port, found, mend);
		return true;
	}
	return false;
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
		return VERDICT_FAILURE;
	}
	text_append(
		found, own ? " is held by the bridge itself" : " can be bound");
	if (is_shared(patient, found, mend))
		return VERDICT_FAILURE;
	if (own || is_loopback(bridge->remote_bind))
		return VERDICT_OK;
	text_append(found, "; with GatewayPorts no the server takes loopback "
			   "instead, and does not say so");
	text_append(mend, "in sshd_config, GatewayPorts clientspecified");
	return VERDICT_WARNING;
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
