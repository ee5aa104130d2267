/*
 * A bridge as JSON, as a client of the socket may send it, and behind the cut
 * what its ssh says on stderr.
 */
#include "tests/fuzz/fuzz.h"
#include "tunnel/ssh/cause.h"

#include "schema/bridge/bridge.h"
#include "tunnel/ssh/argv.h"
#include "tunnel/ssh/known_hosts.h"
#include "tunnel/state/audit_log.h"

#include <string.h>

static void check_audit(const struct bridge *bridge, const char *detail)
{
	const struct audit_record record = {
		.event = AUDIT_NOTHING + 1, .detail = detail, .pid = 1};
	AUTO_FREE char *line = audit_log_line(bridge, &record);
	json_auto_t *json = json_loads(line, 0, NULL);

	REQUIRE(json_is_object(json));
	REQUIRE(strchr(line, '\n') == line + strlen(line) - 1);
}

static void check_ssh(const struct bridge *bridge)
{
	AUTO(diags) diags = DIAGS_INIT;
	const struct ssh_options options = {.known_hosts = "k"};
	AUTO_FREE char *hosts = known_hosts_lines(bridge);
	AUTO_FREE char *confirmation = ssh_confirmation(bridge);
	size_t lines = 0;
	char **argv = NULL;

	REQUIRE(ssh_argv(&argv, bridge, &options, &diags));
	for (char **word = argv; *word; word++)
		REQUIRE(!strpbrk(*word, "\n\r\033"));
	ssh_argv_free(argv);
	REQUIRE(!strpbrk(confirmation, "\n\r\033"));
	for (const char *at = hosts; *at; at++)
		lines += *at == '\n';
	REQUIRE(lines ==
		bridge->host_keys.count + bridge->jump_host_keys.count);
}

static void check_bridge(const struct bridge *bridge, const char *detail)
{
	AUTO(diags) diags = DIAGS_INIT;
	json_auto_t *json = bridge_to_json(bridge, false);
	struct bridge again = BRIDGE_INIT;

	REQUIRE(json);
	REQUIRE(bridge_from_json(&again, json, &diags));
	REQUIRE(bridge_same_definition(bridge, &again));
	bridge_release(&again);
	check_ssh(bridge);
	check_audit(bridge, detail);
}

static void classify(struct part rest)
{
	while (rest.length) {
		AUTO_FREE char *line = fuzz_string(fuzz_line(&rest));
		enum ssh_cause cause = ssh_classify(line);

		REQUIRE(cause <= SSH_UNKNOWN && ssh_cause_name(cause) &&
			ssh_cause_advice(cause));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	AUTO(diags) diags = DIAGS_INIT;
	struct bridge bridge = BRIDGE_INIT;
	struct part rest = {(const char *)bytes, length};
	struct part text;
	struct part said = {"", 0};
	AUTO_FREE char *detail = NULL;
	json_auto_t *json = NULL;
	bool good;

	fuzz_part(&rest, &text);
	fuzz_part(&rest, &said);
	detail = fuzz_string(said);
	classify(said);
	json = json_loadb(text.bytes, text.length,
		JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
	if (!json)
		return 0;
	good = bridge_from_json(&bridge, json, &diags);
	fuzz_check_diags(&diags, good);
	if (good)
		check_bridge(&bridge, detail);
	bridge_release(&bridge);
	return 0;
}
