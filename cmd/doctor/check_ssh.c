#include "cmd/doctor/checks.h"
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

static bool run_once(struct patient *patient, struct ssh_options options,
	const char *until, struct probe *probe)
{
	AUTO(diags) ignored = DIAGS_INIT;
	AUTO(text) pins = TEXT_INIT;
	AUTO_CLOSE int fd = known_hosts_has_pins(patient->bridge)
				    ? open_pins(patient->bridge, &pins)
				    : -1;
	char **argv = NULL;

	if (pins.length)
		options.known_hosts = pins.data;
	if (!ssh_argv(&argv, patient->bridge, &options, &ignored))
		return false;
	probe->argv = (const char *const *)argv;
	probe->directory = patient->running->client.directory;
	probe->until = until;
	probe->timeout_ms = LOGIN_MS;
	probe_run(probe);
	ssh_argv_free(argv);
	probe->argv = NULL;
	return probe->started;
}

/* An ssh before 8.5 does not take what goes with pins. */
bool check_run_ssh(struct patient *patient, struct ssh_options options,
	const char *until, struct probe *probe)
{
	static const char refusal[] =
		"Bad configuration option: knownhostscommand";
	const char *input = probe->input;

	options.old_ssh = patient->old_ssh;
	if (!run_once(patient, options, until, probe))
		return false;
	if (options.old_ssh || !probe->err.length ||
		!strcasestr(probe->err.data, refusal))
		return true;
	patient->old_ssh = true;
	options.old_ssh = true;
	probe_release(probe);
	*probe = (struct probe)PROBE_INIT;
	probe->input = input;
	return run_once(patient, options, until, probe);
}

/* One ssh, as the supervisor would start it, that tells what it does. */
void check_probe(struct patient *patient)
{
	static const char end[] = "remote forward success for";
	struct ssh_options options = {.probe = SSH_PROBE_FORWARD};

	if (patient->probed)
		return;
	patient->probed = true;
	for (int i = 0; i < 2; i++) {
		AUTO(probe) probe = PROBE_INIT;
		bool unknown = patient->story.key_unknown;

		check_run_ssh(patient, options, end, &probe);
		story_read(&patient->story,
			probe.err.length ? probe.err.data : "");
		patient->story.key_unknown |= unknown;
		if (!patient->story.key_unknown || options.accept_any_key)
			return;
		options.accept_any_key = true;
	}
}

static void append_pin(struct text *text, const struct patient *patient)
{
	text_format(text, "ssh-keyscan -p %u %s", patient->port,
		patient->address ? patient->address : patient->bridge->host);
}

/* ssh runs in the state directory; malloc'd, "" where it is not known. */
static char *offending_file(const struct patient *patient)
{
	const char *file = patient->story.offending;
	AUTO(text) path = TEXT_INIT;

	if (*file && *file != '/' && *file != '~' &&
		patient->running->client.path)
		text_format(&path, "%s/", patient->running->client.path);
	text_format(&path, "%.*s", (int)strcspn(file, ":"), file);
	return text_detach(&path);
}

enum verdict check_host_key(
	struct patient *patient, struct text *found, struct text *mend)
{
	const struct story *story = &patient->story;
	const struct bridge *bridge = patient->bridge;

	check_probe(patient);
	if (!story->key_seen && *story->jump_refused) {
		text_format(found,
			"the jump host %s shows a key that is not the one "
			"pinned or known",
			story->jump_refused);
		text_append(mend, "compare it with the server's own "
				  "(ssh-keygen -lf /etc/ssh/ssh_host_*.pub "
				  "there), then correct host_keys of its "
				  "target, or known_hosts");
		return VERDICT_FAILURE;
	}
	if (!story->key_seen) {
		text_append(found, *story->said ? story->said
						: "ssh ended before it came");
		check_advise(mend, story->cause);
		return VERDICT_FAILURE;
	}
	text_append(found, story->fingerprint);
	if (bridge->host_keys.count &&
		(story->cause == SSH_HOST_KEY || story->key_unknown)) {
		text_append(found, " is none of host_keys");
		text_append(mend, "compare it with the server's own "
				  "(ssh-keygen -lf /etc/ssh/ssh_host_*.pub "
				  "there), then correct host_keys");
		return VERDICT_FAILURE;
	}
	if (story->key_changed) {
		AUTO_FREE char *file = offending_file(patient);

		text_format(found, ", but %s knows another",
			*story->offending ? story->offending : "known_hosts");
		text_format(mend, "if that is meant: ssh-keygen -R ");
		text_format(mend, patient->port == 22 ? "%s" : "'[%s]:%u'",
			bridge->host, patient->port);
		if (*file)
			text_format(mend, " -f %s", file);
		return VERDICT_FAILURE;
	}
	if (story->cause == SSH_HOST_KEY && !story->key_unknown) {
		text_format(found, ": %s", story->said);
		text_append(mend, "look for @revoked and @cert-authority in "
				  "known_hosts");
		return VERDICT_FAILURE;
	}
	if (story->key_unknown) {
		text_append(found, " is not known yet; the first connection "
				   "accepts it");
		text_append(mend, "compare it, and pin it in host_keys: ");
		append_pin(mend, patient);
		return VERDICT_WARNING;
	}
	text_append(found, bridge->host_keys.count ? ", pinned" : ", known");
	return VERDICT_OK;
}

enum verdict check_login(
	struct patient *patient, struct text *found, struct text *mend)
{
	const struct story *story = &patient->story;
	const struct bridge *bridge = patient->bridge;

	if (story->authenticated) {
		text_format(found, "%s, with the key", bridge->ssh_user);
		if (story->options_seen)
			text_format(found, " (%s)",
				*story->options ? story->options
						: "which permits nothing");
		return VERDICT_OK;
	}
	text_append(found,
		*story->said ? story->said : "ssh did not get as far in time");
	if (story->cause == SSH_AUTH)
		text_format(mend, "ssh-copy-id -i %s -p %u %s@%s",
			bridge->ssh_key, patient->port, bridge->ssh_user,
			bridge->host);
	else
		check_advise(mend, story->cause);
	return VERDICT_FAILURE;
}
