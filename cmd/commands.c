#include "cmd/command.h"

#include "schema/own.h"

#include <string.h>

#define ANY ((size_t)-1)

const struct command commands[] = {
	{"up", command_up, "[NAME...]", 0, ANY,
		TAKES(DOMAIN) | TAKES(WAIT) | TAKES(NO_WAIT) | TAKES(RESUME),
		"bring bridges up; all of them when none is named",
		"bridge up state-hub"},
	{"down", command_down, "[NAME...]", 0, ANY, 0,
		"take bridges down; all of them when none is named",
		"bridge down state-hub"},
	{"restart", command_restart, "[NAME...]", 0, ANY,
		TAKES(WAIT) | TAKES(NO_WAIT),
		"stop bridges and start them as they are defined now",
		"bridge restart state-hub"},
	{"apply", command_apply, "", 0, 0,
		TAKES(DRY_RUN) | TAKES(PRUNE) | TAKES(WAIT) | TAKES(NO_WAIT),
		"make what runs equal what is defined; print the plan first",
		"bridge apply --dry-run"},
	{"doctor", command_doctor, "[NAME...]", 0, ANY, TAKES(DOMAIN),
		"find what keeps bridges from working, and how to mend it",
		"bridge doctor state-hub"},
	{"supervise", command_supervise, "", 0, 0,
		TAKES(REAPPLY) | TAKES(PRUNE) | TAKES(UPGRADE),
		"keep the supervisor in the foreground, for systemd",
		"bridge supervise --follow --rev main"},
	{"mcp", command_mcp, "", 0, 0, TAKES(READ_ONLY),
		"serve agents: the Model Context Protocol over stdio",
		"bridge mcp --read-only"},
	{"mcp register", command_mcp_register, "", 0, 0,
		TAKES(SCOPE) | TAKES(PRINT),
		"tell Claude Code of this server, or a project's .mcp.json",
		"bridge mcp register --scope user"},
	{"status", command_status, "[NAME...]", 0, ANY, TAKES(WATCH),
		"show what runs and how it is", "bridge status --json"},
	{"logs", command_logs, "NAME", 1, 1, TAKES(LINES) | TAKES(FOLLOW),
		"show a bridge's audit log", "bridge logs state-hub --follow"},
	{"metrics", command_metrics, "", 0, 0, TAKES(OUTPUT),
		"print the state of all bridges as metrics (OpenMetrics text)",
		"bridge metrics -o /var/lib/node_exporter/bridge.prom"},
	{"targets", command_targets, "", 0, 0, TAKES(DOMAIN),
		"list the catalog's targets", "bridge targets --domain edge"},
	{"targets show", command_targets_show, "TARGET_ID", 1, 1, 0,
		"show one target and the bridges that use it",
		"bridge targets show gateway"},
	{"catalog list", command_catalog_list, "", 0, 0, 0,
		"list the domains, with counts of targets and bridges",
		"bridge catalog list --rev v1.2"},
	{"catalog validate", command_catalog_validate, "[PATH]", 0, 1,
		TAKES(STRICT) | TAKES(SINCE) | TAKES(FORMAT) | TAKES(OUTPUT),
		"check a catalog; exit 0 valid, 1 invalid, 3 could not run",
		"bridge catalog validate . --rev HEAD"},
	{"catalog show", command_catalog_show, "BRIDGE_ID", 1, 1,
		TAKES(ORIGINS), "show one resolved bridge",
		"bridge catalog show state-hub --origins"},
	{"catalog diff", command_catalog_diff, "[A [B]]", 0, 2, 0,
		"say what differs between two revisions, HEAD and the files",
		"bridge catalog diff main HEAD"},
	{"catalog log", command_catalog_log, "ID", 1, 1, 0,
		"list the commits that changed or removed a definition",
		"bridge catalog log state-hub"},
	{"catalog explain", command_catalog_explain, "[RULE]", 0, 1, 0,
		"say why a rule is there, with an example; list them all",
		"bridge catalog explain port/clash"},
	{"catalog graph", command_catalog_graph, "[PATH]", 0, 1,
		TAKES(PICTURE) | TAKES(DOMAIN) | TAKES(OUTPUT),
		"draw a catalog, and what is wrong with it in red",
		"bridge catalog graph | dot -Tsvg > catalog.svg"},
	{"catalog init", command_catalog_init, "DIR", 1, 1, 0,
		"make a small catalog to start from",
		"bridge catalog init ops"},
	{"catalog schema", command_catalog_schema, "KIND", 1, 1, 0,
		"print the JSON Schema of a kind of document",
		"bridge catalog schema bridge > bridge.schema.json"},
};

const size_t command_count = COUNT(commands);

/* The longest name wins: "targets show" before "targets". */
const struct command *command_find(int argc, char **argv, int *words)
{
	const struct command *best = NULL;

	*words = 0;
	for (size_t i = 0; i < command_count; i++) {
		const char *name = commands[i].name;
		const char *space = strchr(name, ' ');
		size_t first = space ? (size_t)(space - name) : strlen(name);
		int length = space ? 2 : 1;

		if (argc < length || length <= *words ||
			strlen(argv[0]) != first ||
			strncmp(argv[0], name, first) ||
			(space && strcmp(argv[1], space + 1)))
			continue;
		best = &commands[i];
		*words = length;
	}
	return best;
}
