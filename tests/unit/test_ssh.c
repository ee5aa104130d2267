/*
 * What we say to ssh, and what we understand of its answers.
 */
#include "tests/unit/unit.h"
#include "tunnel/ssh/cause.h"

#include "tunnel/ssh/argv.h"
#include "tunnel/ssh/known_hosts.h"
#include "tunnel/ssh/proxy_command.h"

#include <jansson.h>
#include <stdlib.h>

/* A bridge with one field set otherwise; `change` is a JSON object. */
static bool make(struct bridge *bridge, const char *change, struct diags *diags)
{
	json_auto_t *json = json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:s}",
		"name", "hub", "host", "gw.example.org", "ssh_user", "ops",
		"ssh_key", "/keys/id", "remote_port", 18081, "local_port", 3000,
		"actor", "agent.x");
	json_auto_t *other = json_loads(change, 0, NULL);

	assert_non_null(other);
	json_object_update(json, other);
	return bridge_from_json(bridge, json, diags);
}

static char **arguments(struct bridge *bridge, const char *change,
	const struct ssh_options *options)
{
	AUTO(diags) diags = DIAGS_INIT;
	char **argv;

	assert_true(make(bridge, change, &diags));
	assert_true(ssh_argv(&argv, bridge, options, &diags));
	return argv;
}

static int position(char **argv, const char *word)
{
	for (int i = 0; argv[i]; i++)
		if (!strcmp(argv[i], word))
			return i;
	return -1;
}

static void the_command_line_is_the_one_that_was_measured(void **state)
{
	static const char *const wanted[] = {"ssh", "-N", "-T", "-o",
		"BatchMode=yes", "-o", "IdentitiesOnly=yes", "-o",
		"ControlPersist=no", "-o", "ConnectTimeout=10", "-o",
		"ServerAliveInterval=15", "-o", "ServerAliveCountMax=3", "-o",
		"ExitOnForwardFailure=yes", "-o", "ControlMaster=no", "-o",
		"ControlPath=none", "-o", "LogLevel=INFO", "-o",
		"LogVerbose=*:ssh_confirm_remote_forward():*,"
		"*:ssh_packet_read_poll_seqnr():*",
		"-o", "StrictHostKeyChecking=accept-new", "-o",
		"UserKnownHostsFile=.known_hosts ~/.ssh/known_hosts "
		"~/.ssh/known_hosts2",
		"-R", "127.0.0.1:18081:127.0.0.1:3000", "-i", "/keys/id", "--",
		"ops@gw.example.org"};
	const struct ssh_options options = {.old_ssh = false};
	AUTO(bridge) bridge = BRIDGE_INIT;
	char **argv = arguments(&bridge, "{}", &options);

	(void)state;
	for (size_t i = 0; i < COUNT(wanted); i++) {
		assert_non_null(argv[i]);
		assert_string_equal(argv[i], wanted[i]);
	}
	assert_null(argv[COUNT(wanted)]);
	ssh_argv_free(argv);
}

static void a_master_has_a_socket_and_no_forward(void **state)
{
	const struct ssh_options options = {.master_socket = ".mux.1"};
	AUTO(bridge) bridge = BRIDGE_INIT;
	char **argv = arguments(&bridge, "{}", &options);

	(void)state;
	assert_string_equal(argv[position(argv, "-S") + 1], ".mux.1");
	assert_true(position(argv, "ControlMaster=yes") > 0);
	assert_true(position(argv, "ClearAllForwardings=yes") > 0);
	assert_true(position(argv, "LogVerbose=*:muxserver_listen():*") > 0);
	assert_int_equal(position(argv, "-R"), -1);
	assert_int_equal(position(argv, "ControlPath=none"), -1);
	ssh_argv_free(argv);
}

static void ports_jumps_and_pins_have_their_places(void **state)
{
	const struct ssh_options options = {.known_hosts = ".hub.hosts"};
	AUTO(bridge) bridge = BRIDGE_INIT;
	char **argv = arguments(&bridge,
		"{\"ssh_port\": 2222, \"proxy_jump\": [\"a\", \"ops@b:22\"], "
		"\"host_keys\": [\"ssh-ed25519 AAAA\"]}",
		&options);

	(void)state;
	assert_string_equal(argv[position(argv, "-p") + 1], "2222");
	assert_int_equal(position(argv, "-J"), -1);
	assert_true(position(argv, "StrictHostKeyChecking=yes") > 0);
	assert_true(position(argv, "UserKnownHostsFile=.hub.hosts") > 0);
	assert_true(position(argv, "StrictHostKeyChecking=accept-new") < 0);
	assert_int_equal(
		position(argv, "ops@gw.example.org"), position(argv, "--") + 1);
	ssh_argv_free(argv);
}

/* How often `part` is in `text`. */
static unsigned times(const char *text, const char *part)
{
	unsigned count = 0;

	while ((text = strstr(text, part))) {
		text += strlen(part);
		count++;
	}
	return count;
}

static void a_jump_is_an_ssh_that_is_told_what_ours_is(void **state)
{
	AUTO(bridge) bridge = BRIDGE_INIT;
	char **argv = arguments(&bridge,
		"{\"proxy_jump\": [\"first\", \"ops@[fe80::1%eth0]:22\"]}",
		&(struct ssh_options){.old_ssh = false});
	AUTO_FREE char *option = proxy_command_option(
		&bridge, &(struct ssh_options){.old_ssh = false});

	(void)state;
	assert_true(position(argv, option) > 0);
	assert_true(strstr(option, "ProxyCommand=ssh -o BatchMode=yes "));
	assert_int_equal(times(option, "ssh -o"), 2);
	assert_int_equal(times(option, bridge.ssh_key), 2);
	assert_true(strstr(option, " -W '[%h]:%p' -p 22 -l ops -- "
				   "fe80::1%%eth0"));
	/* The first leads to the second, and ssh expands it twice. */
	assert_true(strstr(option, "[fe80::1%%%%eth0]:22"));
	assert_true(strstr(option, "first"));
	ssh_argv_free(argv);
}

static void an_old_ssh_is_asked_for_debug_output(void **state)
{
	const struct ssh_options options = {.old_ssh = true};
	AUTO(bridge) bridge = BRIDGE_INIT;
	char **argv = arguments(&bridge, "{}", &options);

	(void)state;
	assert_true(position(argv, "LogLevel=DEBUG1") > 0);
	assert_true(
		position(argv, "LogVerbose=*:ssh_confirm_remote_forward():*,"
			       "*:ssh_packet_read_poll_seqnr():*") < 0);
	ssh_argv_free(argv);
}

static void addresses_with_colons_get_brackets_only_in_the_forward(void **state)
{
	const struct ssh_options options = {.old_ssh = false};
	AUTO(bridge) bridge = BRIDGE_INIT;
	char **argv = arguments(&bridge,
		"{\"host\": \"[::1]\", \"remote_bind\": \"::1\", "
		"\"local_host\": \"::1\"}",
		&options);

	(void)state;
	assert_string_equal(
		argv[position(argv, "-R") + 1], "[::1]:18081:[::1]:3000");
	assert_true(position(argv, "ops@::1") > 0);
	ssh_argv_free(argv);
}

static void values_that_could_be_options_or_lines_are_refused(void **state)
{
	static const char *const changes[] = {
		"{\"host\": \"-oProxyCommand=x\"}",
		"{\"host\": \"a b\"}",
		"{\"host\": \"a\\nb\"}",
		"{\"host\": \"\"}",
		"{\"ssh_user\": \"-l\"}",
		"{\"ssh_user\": \"a b\"}",
		"{\"ssh_key\": \"-i\"}",
		"{\"ssh_key\": \"id\"}",
		"{\"ssh_key\": \"/a\\nb\"}",
		"{\"ssh_key\": \"/keys/%h\"}",
		"{\"ssh_key\": \"/keys/${HOME}\"}",
		"{\"proxy_jump\": [\"-J\"]}",
		"{\"proxy_jump\": [\"a,-b\"]}",
		"{\"proxy_jump\": [\"a@-b\"]}",
		"{\"remote_bind\": \"-R\"}",
		"{\"local_host\": \"a b\"}",
		"{\"name\": \"../x\"}",
		"{\"name\": \"-x\"}",
		"{\"name\": \"\"}",
		"{\"actor\": \"a/b\"}",
		"{\"remote_port\": 0}",
		"{\"remote_port\": 65536}",
		"{\"host_keys\": [\"ssh-rsa AAAA\\n* ssh-rsa B\"]}",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(changes); i++) {
		AUTO(bridge) bridge = BRIDGE_INIT;
		AUTO(diags) diags = DIAGS_INIT;

		if (make(&bridge, changes[i], &diags))
			fail_msg("%s is let through", changes[i]);
		assert_int_equal(diags.errors, 1);
	}
}

static void the_confirmation_is_recognised_by_its_exact_endpoints(void **state)
{
	static const char line[] =
		"debug1: tunnel/ssh/argv.c:ssh_confirm_remote_forward():1827 (pid=7): "
		"remote forward success for: listen 127.0.0.1:18081, connect "
		"127.0.0.1:3000";
	AUTO(bridge) bridge = BRIDGE_INIT;
	AUTO(bridge) other = BRIDGE_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *foreign = NULL;

	(void)state;
	assert_true(make(&bridge, "{}", &diags));
	assert_true(make(&other, "{\"remote_port\": 8081}", &diags));
	text = ssh_confirmation(&bridge);
	foreign = ssh_confirmation(&other);

	assert_non_null(strstr(line, text));
	assert_null(strstr(line, foreign));
}

static void causes_are_read_from_what_ssh_prints(void **state)
{
	static const struct {
		const char *line;
		enum ssh_cause cause;
	} lines[] = {
		{"ops@gw: Permission denied (publickey).", SSH_AUTH},
		{"Host key verification failed.", SSH_HOST_KEY},
		{"Error: remote port forwarding failed for listen port 18081",
			SSH_PORT_IN_USE},
		{"debug1: packet.c:ssh_packet_read_poll_seqnr():1782 (pid=1): "
		 "Remote: Server has disabled port forwarding.",
			SSH_FORBIDDEN},
		{"debug1: Remote: port forwarding refused", SSH_FORBIDDEN},
		{"debug1: Remote: /k:1: key options: port forwarding",
			SSH_UNKNOWN},
		{"ssh: connect to host gw port 22: Connection refused",
			SSH_NETWORK},
		{"ssh: connect to host gw port 22: No route to host",
			SSH_NETWORK},
		{"ssh: connect to host gw port 22: Connection timed out",
			SSH_NETWORK},
		{"ssh: Could not resolve hostname gw: Name or service not "
		 "known",
			SSH_DNS},
		{"kex_exchange_identification: Connection closed by remote "
		 "host",
			SSH_THROTTLED},
		{"Timeout, server gw not responding.", SSH_DEAD_LINK},
		{"Connection to gw closed by remote host.", SSH_CLOSED},
		{"command-line: line 0: Bad configuration option: logverbose",
			SSH_CONFIG},
		{"Bad remote forwarding specification 'x'", SSH_CONFIG},
		{"Bad local forwarding specification 'x'", SSH_CONFIG},
		{"@ WARNING: UNPROTECTED PRIVATE KEY FILE! @", SSH_KEY_FILE},
		{"Welcome to gw", SSH_UNKNOWN},
		{"debug1: Permission denied (", SSH_UNKNOWN},
		{"", SSH_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++)
		if (ssh_classify(lines[i].line) != lines[i].cause)
			fail_msg("'%s' is %s", lines[i].line,
				ssh_cause_name(ssh_classify(lines[i].line)));
}

static void only_causes_that_a_person_must_mend_are_final(void **state)
{
	(void)state;
	assert_true(ssh_cause_is_final(SSH_HOST_KEY));
	assert_true(ssh_cause_is_final(SSH_CONFIG));
	assert_true(ssh_cause_is_final(SSH_KEY_FILE));
	assert_false(ssh_cause_is_final(SSH_AUTH));
	assert_false(ssh_cause_is_final(SSH_PORT_IN_USE));
	assert_false(ssh_cause_is_final(SSH_DNS));
	assert_false(ssh_cause_is_final(SSH_UNKNOWN));
}

static void pins_become_lines_of_known_hosts(void **state)
{
	AUTO(bridge) plain = BRIDGE_INIT;
	AUTO(bridge) ported = BRIDGE_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	AUTO_FREE char *first = NULL;
	AUTO_FREE char *second = NULL;

	(void)state;
	assert_true(make(
		&plain, "{\"host_keys\": [\"ssh-ed25519 AAAA\"]}", &diags));
	assert_true(make(&ported,
		"{\"ssh_port\": 2222, \"host_keys\": [\"ssh-ed25519 AAAA\"]}",
		&diags));
	first = known_hosts_lines(&plain);
	second = known_hosts_lines(&ported);

	assert_string_equal(first, "gw.example.org ssh-ed25519 AAAA\n");
	assert_string_equal(second, "[gw.example.org]:2222 ssh-ed25519 AAAA\n");
}

static void a_jump_host_has_its_own_pins_and_its_own_key(void **state)
{
	static const char change[] =
		"{\"proxy_jump\": [\"first\", \"Ops@B:22\"], "
		"\"jump_host_keys\": [\"2 ssh-ed25519 AAAA x\"], "
		"\"jump_ssh_keys\": [\"2 /my keys/b\"]}";
	const struct ssh_options options = {.known_hosts = ".hub.hosts"};
	AUTO(bridge) bridge = BRIDGE_INIT;
	char **argv = arguments(&bridge, change, &options);
	AUTO_FREE char *lines = known_hosts_lines(&bridge);
	AUTO_FREE char *option = proxy_command_option(&bridge, &options);

	(void)state;
	assert_string_equal(lines, "2+ops@b:22 ssh-ed25519 AAAA x\n");
	assert_true(position(argv, "StrictHostKeyChecking=accept-new") > 0);
	assert_int_equal(times(option, "StrictHostKeyChecking=yes"), 1);
	assert_int_equal(times(option, "StrictHostKeyChecking=accept-new"), 1);
	assert_int_equal(times(option, "HostKeyAlias=2+ops@b:22"), 1);
	assert_int_equal(times(option, "UserKnownHostsFile=.hub.hosts"), 1);
	assert_int_equal(times(option, "IdentityFile=\"/my keys/b\""), 1);
	assert_int_equal(times(option, "/keys/id"), 2);
	ssh_argv_free(argv);
}

static void what_belongs_to_no_jump_host_is_refused(void **state)
{
	static const char *const changes[] = {
		"{\"jump_host_keys\": [\"1 ssh-ed25519 AAAA\"]}",
		"{\"proxy_jump\": [\"a\"], \"jump_host_keys\": [\"2 k A\"]}",
		"{\"proxy_jump\": [\"a\"], \"jump_host_keys\": [\"0 k A\"]}",
		"{\"proxy_jump\": [\"a\"], \"jump_host_keys\": [\"-1 k A\"]}",
		"{\"proxy_jump\": [\"a\"], \"jump_host_keys\": [\"1\"]}",
		"{\"proxy_jump\": [\"a\"], \"jump_host_keys\": [\"1k A\"]}",
		"{\"proxy_jump\": [\"a\"], \"jump_host_keys\": [\"1 k A\\n"
		"* k B\"]}",
		"{\"proxy_jump\": [\"a\"], \"jump_ssh_keys\": [\"1 k\"]}",
		"{\"proxy_jump\": [\"a\"], \"jump_ssh_keys\": [\"1 /%h\"]}",
		"{\"proxy_jump\": [\"a\"], \"jump_ssh_keys\": [\"/k\"]}",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(changes); i++) {
		AUTO(bridge) bridge = BRIDGE_INIT;
		AUTO(diags) diags = DIAGS_INIT;

		if (make(&bridge, changes[i], &diags))
			fail_msg("taken: %s", changes[i]);
	}
}

static void pins_without_a_file_start_no_ssh(void **state)
{
	AUTO(bridge) bridge = BRIDGE_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	char **argv = NULL;

	(void)state;
	assert_true(make(
		&bridge, "{\"host_keys\": [\"ssh-ed25519 AAAA\"]}", &diags));
	assert_false(ssh_argv(&argv, &bridge,
		&(struct ssh_options){.known_hosts = NULL}, &diags));
	assert_null(argv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_command_line_is_the_one_that_was_measured),
		cmocka_unit_test(a_master_has_a_socket_and_no_forward),
		cmocka_unit_test(ports_jumps_and_pins_have_their_places),
		cmocka_unit_test(a_jump_host_has_its_own_pins_and_its_own_key),
		cmocka_unit_test(what_belongs_to_no_jump_host_is_refused),
		cmocka_unit_test(pins_without_a_file_start_no_ssh),
		cmocka_unit_test(a_jump_is_an_ssh_that_is_told_what_ours_is),
		cmocka_unit_test(an_old_ssh_is_asked_for_debug_output),
		cmocka_unit_test(
			addresses_with_colons_get_brackets_only_in_the_forward),
		cmocka_unit_test(
			values_that_could_be_options_or_lines_are_refused),
		cmocka_unit_test(
			the_confirmation_is_recognised_by_its_exact_endpoints),
		cmocka_unit_test(causes_are_read_from_what_ssh_prints),
		cmocka_unit_test(only_causes_that_a_person_must_mend_are_final),
		cmocka_unit_test(pins_become_lines_of_known_hosts),
	};

	return cmocka_run_group_tests_name("ssh", tests, NULL, NULL);
}
