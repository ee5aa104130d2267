/*
 * The shared supervisor's own program. `bridge up` starts it; people don't.
 * It is a program of its own because it neither parses YAML nor opens a
 * repository, and because a command that only reads a catalog should not pay
 * for loading libcurl.
 */
#include "schema/base/json_line.h"
#include "schema/base/text.h"
#include "schema/base/version.h"
#include "tunnel/control/protocol.h"
#include "tunnel/health/health.h"
#include "tunnel/supervisor/main.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A descriptor; -1 for what is none. */
static int descriptor(const char *text)
{
	char *end;
	long fd = strtol(text, &end, 10);

	return *text && !*end && fd >= 0 && fd <= 1 << 20 ? (int)fd : -1;
}

/*
 * One health check of the bridge whose JSON form comes in, for `bridge
 * doctor`: it is to find what the supervisor would, and not to load libcurl.
 */
static int check_health(void)
{
	AUTO(text) text = TEXT_INIT;
	AUTO(bridge) bridge = BRIDGE_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	struct health_result result;
	json_auto_t *json = NULL;
	json_auto_t *answer = NULL;
	AUTO_FREE char *line = NULL;

	if (text_read(&text, STDIN_FILENO, CONTROL_MAX_REQUEST))
		json = json_loadb(text.data, text.length, 0, NULL);
	if (!bridge_from_json(&bridge, json, &diags) || !bridge.health_url ||
		!health_ask(&bridge, &result))
		return 2;
	answer = json_pack("{s:b, s:i, s:I, s:b, s:b, s:s}", "ok", result.ok,
		"status", (int)result.status, "latency_ms",
		(json_int_t)result.latency_ms, "stream", result.stream,
		"endless", result.endless, "message", result.message);
	line = json_line(answer);
	fputs(line, stdout);
	return 0;
}

int main(int argc, char **argv)
{
	/* `bridge supervise --upgrade` asks before it trusts. */
	if (argc == 2 && !strcmp(argv[1], "--version")) {
		printf("bridge-supervisor %s handover %d\n", bridge_version,
			HANDOVER_FORMAT);
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "--health"))
		return check_health();
	if (argc == 3 && !strcmp(argv[1], HANDOVER_ARGUMENT) &&
		descriptor(argv[2]) >= 0)
		return main_go_on(descriptor(argv[2]));
	if (argc == 2 && argv[1][0] == '/')
		return main_start(argv[1], -1);
	if (argc == 3 && argv[1][0] == '/' && descriptor(argv[2]) >= 0)
		return main_start(argv[1], descriptor(argv[2]));
	fputs("bridge-supervisor is started by `bridge up`\n", stderr);
	return 2;
}
