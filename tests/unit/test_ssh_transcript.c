/* What `bridge doctor` reads from `ssh -v` and from sshd's settings. */
#include "cmd/doctor/ssh_transcript.h"
#include "schema/base/alloc.h"
#include "tests/unit/unit.h"

#include <string.h>

/* As OpenSSH 9.2 prints it, cut to what counts. */
#define BEGINNING                                                              \
	"OpenSSH_9.2p1 Debian-2+deb12u3, OpenSSL 3.0.14 4 Jun 2024\r\n"        \
	"debug1: Connection established.\r\n"                                  \
	"debug1: Remote protocol version 2.0, remote software version "        \
	"OpenSSH_9.2p1 Debian-2+deb12u3\r\n"                                   \
	"debug1: Server host key: ssh-ed25519 SHA256:abc\r\n"
#define KNOWN                                                                  \
	"debug1: Host '[h]:22' is known and matches the ED25519 host key.\r\n" \
	"debug1: Found key in /home/x/.ssh/known_hosts:3\r\n"
#define LOGIN                                                                  \
	"Authenticated to h ([127.0.0.1]:22) using \"publickey\".\r\n"         \
	"debug1: Remote: /root/.ssh/authorized_keys:1: key options: "          \
	"permitlisten port-forwarding\r\n"

static void a_forward_that_is_there_has_a_whole_story(void **state)
{
	struct ssh_transcript transcript;

	(void)state;
	ssh_transcript_read(&transcript, BEGINNING KNOWN LOGIN
		"debug1: remote forward success for: listen 127.0.0.1:1, "
		"connect 127.0.0.1:2\r\n");
	assert_true(transcript.connected && transcript.key_seen &&
		    transcript.key_known);
	assert_true(transcript.authenticated && transcript.forwarded);
	assert_false(transcript.forward_refused || transcript.forbidden);
	assert_string_equal(transcript.fingerprint, "ssh-ed25519 SHA256:abc");
	assert_string_equal(transcript.found_in, "/home/x/.ssh/known_hosts:3");
	assert_string_equal(transcript.options, "permitlisten port-forwarding");
	assert_string_equal(
		transcript.software, "OpenSSH_9.2p1 Debian-2+deb12u3");
	assert_false(transcript.forced_command);
}

static void a_taken_port_and_a_forbidden_one_are_told_apart(void **state)
{
	static const char end[] =
		"debug1: remote forward failure for: listen 127.0.0.1:1, "
		"connect 127.0.0.1:2\r\n"
		"Error: remote port forwarding failed for listen port 1\r\n";
	struct ssh_transcript transcript;
	AUTO_FREE char *forbidden = NULL;

	(void)state;
	ssh_transcript_read(&transcript, end);
	assert_true(transcript.forward_refused);
	assert_false(transcript.forbidden);
	assert_int_equal(transcript.cause, SSH_PORT_IN_USE);

	assert_true(asprintf(&forbidden, "%s%s",
			    "debug1: Remote: Server has disabled port "
			    "forwarding.\r\n",
			    end) > 0);
	ssh_transcript_read(&transcript, forbidden);
	assert_int_equal(transcript.cause, SSH_FORBIDDEN);
	assert_true(transcript.forward_refused && transcript.forbidden);
	assert_string_equal(
		transcript.refusal, "Server has disabled port forwarding.");
}

static void an_unknown_and_a_changed_host_are_told_apart(void **state)
{
	struct ssh_transcript transcript;

	(void)state;
	ssh_transcript_read(&transcript,
		"No ED25519 host key is known for [h]:22 and you have "
		"requested strict checking.\r\n"
		"Host key verification failed.\r\n");
	assert_true(transcript.key_unknown);
	assert_false(transcript.key_changed);
	ssh_transcript_read(&transcript,
		"@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\n"
		"Offending ED25519 key in /x/.known_hosts:7\r\n"
		"Host key verification failed.\r\n");
	assert_true(transcript.key_changed);
	assert_string_equal(transcript.offending, "/x/.known_hosts:7");
	assert_int_equal(transcript.cause, SSH_HOST_KEY);
}

static void a_forced_command_is_seen(void **state)
{
	struct ssh_transcript transcript;

	(void)state;
	ssh_transcript_read(
		&transcript, "debug1: Remote: /k:2: key options: command\r\n");
	assert_true(transcript.options_seen && transcript.forced_command);
	ssh_transcript_read(
		&transcript, "debug1: Remote: /k:2: key options:\r\n");
	assert_true(transcript.options_seen);
	assert_string_equal(transcript.options, "");
}

static void what_a_server_says_is_cut_and_made_visible(void **state)
{
	char line[4096] = "debug1: Server host key: \x1b[31m";
	size_t length = strlen(line);
	struct ssh_transcript transcript;

	(void)state;
	memset(line + length, 'x', sizeof(line) - length - 1);
	line[sizeof(line) - 1] = '\0';
	ssh_transcript_read(&transcript, line);
	assert_true(strlen(transcript.fingerprint) < SSH_TRANSCRIPT_MAX_FACT);
	assert_null(strchr(transcript.fingerprint, '\x1b'));
	ssh_transcript_read(&transcript, "");
	assert_false(transcript.key_seen);
}

static void a_certificate_is_a_host_key_too(void **state)
{
	struct ssh_transcript transcript;

	(void)state;
	ssh_transcript_read(&transcript,
		"debug1: Server host certificate: "
		"ssh-ed25519-cert-v01@openssh.com SHA256:abc, serial 0\r\n");
	assert_true(transcript.key_seen);
	assert_string_equal(transcript.fingerprint,
		"ssh-ed25519-cert-v01@openssh.com SHA256:abc, serial 0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_certificate_is_a_host_key_too),
		cmocka_unit_test(a_forward_that_is_there_has_a_whole_story),
		cmocka_unit_test(
			a_taken_port_and_a_forbidden_one_are_told_apart),
		cmocka_unit_test(an_unknown_and_a_changed_host_are_told_apart),
		cmocka_unit_test(a_forced_command_is_seen),
		cmocka_unit_test(what_a_server_says_is_cut_and_made_visible),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
