#include "cmd/doctor/check_ssh.h"
#include "tunnel/ssh/argv.h"
#include "tunnel/ssh/known_hosts.h"

#include "cmd/doctor/run_probe.h"
#include "cmd/ui/output.h"
#include "tunnel/control/client.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { LOGIN_MS = 30000 };

/* ssh closes what it inherits: pins are found through this process. */
static int open_pins(const struct bridge *bridge, struct text *path)
{
	AUTO_FREE char *keys = known_hosts_lines(bridge);
	size_t length = strlen(keys);
	int fd = memfd_create("bridge-pins", MFD_CLOEXEC);

	if (fd >= 0 && write(fd, keys, length) != (ssize_t)length) {
		close(fd);
		return -1;
	}
	text_format(path, "/proc/%d/fd/%d", getpid(), fd);
	return fd;
}

static bool run_once(struct subject *subject, struct ssh_options options,
	const char *until, struct probe *probe)
{
	AUTO(diags) ignored = DIAGS_INIT;
	AUTO(text) pins = TEXT_INIT;
	AUTO_CLOSE int fd = known_hosts_has_pins(subject->bridge)
				    ? open_pins(subject->bridge, &pins)
				    : -1;
	char **argv = NULL;

	if (pins.length)
		options.known_hosts = pins.data;
	if (!ssh_argv(&argv, subject->bridge, &options, &ignored))
		return false;
	probe->argv = (const char *const *)argv;
	probe->directory = subject->query->client.directory;
	probe->until = until;
	probe->timeout_ms = LOGIN_MS;
	probe_run(probe);
	ssh_argv_free(argv);
	probe->argv = NULL;
	return probe->started;
}

/* An ssh before 8.5 does not take what goes with pins. */
bool check_ssh_run(struct subject *subject, struct ssh_options options,
	const char *until, struct probe *probe)
{
	static const char refusal[] =
		"Bad configuration option: knownhostscommand";
	const char *input = probe->input;

	options.old_ssh = subject->old_ssh;
	if (!run_once(subject, options, until, probe))
		return false;
	if (options.old_ssh || !probe->err.length ||
		!strcasestr(probe->err.data, refusal))
		return true;
	subject->old_ssh = true;
	options.old_ssh = true;
	probe_release(probe);
	*probe = (struct probe)PROBE_INIT;
	probe->input = input;
	return run_once(subject, options, until, probe);
}

/* One ssh, as the supervisor would start it, that tells what it does. */
void check_ssh_probe(struct subject *subject)
{
	static const char end[] = "remote forward success for";
	struct ssh_options options = {.probe = SSH_PROBE_FORWARD};

	if (subject->probed)
		return;
	subject->probed = true;
	for (int i = 0; i < 2; i++) {
		AUTO(probe) probe = PROBE_INIT;
		bool unknown = subject->transcript.key_unknown;

		check_ssh_run(subject, options, end, &probe);
		ssh_transcript_read(&subject->transcript,
			probe.err.length ? probe.err.data : "");
		subject->transcript.key_unknown |= unknown;
		if (!subject->transcript.key_unknown || options.accept_any_key)
			return;
		options.accept_any_key = true;
	}
}

void check_ssh_advise(struct text *fix, enum ssh_cause cause)
{
	const char *advice = ssh_cause_advice(cause);

	text_append(fix, *advice ? advice
				 : "see what the server says of it, there: "
				   "journalctl -t sshd");
}

static void append_pin(struct text *text, const struct subject *subject)
{
	text_format(text, "ssh-keyscan -p %u %s", subject->port,
		subject->address ? subject->address : subject->bridge->host);
}

/* ssh runs in the state directory; malloc'd, "" where it is not known. */
static char *offending_file(const struct subject *subject)
{
	const char *file = subject->transcript.offending;
	AUTO(text) path = TEXT_INIT;

	if (*file && *file != '/' && *file != '~' &&
		subject->query->client.path)
		text_format(&path, "%s/", subject->query->client.path);
	text_format(&path, "%.*s", (int)strcspn(file, ":"), file);
	return text_detach(&path);
}

enum verdict check_ssh_host_key(
	struct subject *subject, struct text *found, struct text *fix)
{
	const struct ssh_transcript *transcript = &subject->transcript;
	const struct bridge *bridge = subject->bridge;

	check_ssh_probe(subject);
	if (!transcript->key_seen && *transcript->jump_refused) {
		text_format(found,
			"the jump host %s shows a key that is not the one "
			"pinned or known",
			transcript->jump_refused);
		text_append(fix, "compare it with the server's own "
				 "(ssh-keygen -lf /etc/ssh/ssh_host_*.pub "
				 "there), then correct host_keys of its "
				 "target, or known_hosts");
		return VERDICT_FAILURE;
	}
	if (!transcript->key_seen) {
		text_append(found, *transcript->said
					   ? transcript->said
					   : "ssh ended before it came");
		check_ssh_advise(fix, transcript->cause);
		return VERDICT_FAILURE;
	}
	text_append(found, transcript->fingerprint);
	if (bridge->host_keys.count && (transcript->cause == SSH_HOST_KEY ||
					       transcript->key_unknown)) {
		text_append(found, " is none of host_keys");
		text_append(fix, "compare it with the server's own "
				 "(ssh-keygen -lf /etc/ssh/ssh_host_*.pub "
				 "there), then correct host_keys");
		return VERDICT_FAILURE;
	}
	if (transcript->key_changed) {
		AUTO_FREE char *file = offending_file(subject);

		text_format(found, ", but %s knows another",
			*transcript->offending ? transcript->offending
					       : "known_hosts");
		text_format(fix, "if that is meant: ssh-keygen -R ");
		text_format(fix, subject->port == 22 ? "%s" : "'[%s]:%u'",
			bridge->host, subject->port);
		if (*file)
			text_format(fix, " -f %s", file);
		return VERDICT_FAILURE;
	}
	if (transcript->cause == SSH_HOST_KEY && !transcript->key_unknown) {
		text_format(found, ": %s", transcript->said);
		text_append(fix, "look for @revoked and @cert-authority in "
				 "known_hosts");
		return VERDICT_FAILURE;
	}
	if (transcript->key_unknown) {
		text_append(found, " is not known yet; the first connection "
				   "accepts it");
		text_append(fix, "compare it, and pin it in host_keys: ");
		append_pin(fix, subject);
		return VERDICT_WARNING;
	}
	text_append(found, bridge->host_keys.count ? ", pinned" : ", known");
	return VERDICT_OK;
}

enum verdict check_ssh_login(
	struct subject *subject, struct text *found, struct text *fix)
{
	const struct ssh_transcript *transcript = &subject->transcript;
	const struct bridge *bridge = subject->bridge;

	if (transcript->authenticated) {
		text_format(found, "%s, with the key", bridge->ssh_user);
		if (transcript->options_seen)
			text_format(found, " (%s)",
				*transcript->options ? transcript->options
						     : "which permits nothing");
		return VERDICT_OK;
	}
	text_append(found, *transcript->said
				   ? transcript->said
				   : "ssh did not get as far in time");
	if (transcript->cause == SSH_AUTH)
		text_format(fix, "ssh-copy-id -i %s -p %u %s@%s",
			bridge->ssh_key, subject->port, bridge->ssh_user,
			bridge->host);
	else
		check_ssh_advise(fix, transcript->cause);
	return VERDICT_FAILURE;
}
