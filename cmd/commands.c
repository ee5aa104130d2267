#include "cmd/commands.h"

#include "cmd/context/command.h"
#include "schema/base/alloc.h"

#include <string.h>

#define ANY ((size_t)-1)

const char *const command_parts[COMMAND_PARTS] = {
	[PART_BRIDGES] = "Bridges",
	[PART_CATALOG] = "The catalog",
	[PART_RUNNING] = "Keeping them up",
	[PART_AGENTS] = "Agents and shells",
};

const struct command commands[] = {
	{"up", command_up, "[NAME...]", 0, ANY,
		TAKES(DOMAIN) | TAKES(WAIT) | TAKES(NO_WAIT) | TAKES(RESUME),
		PART_BRIDGES,
		"bring bridges up; all of them when none is named",
		"Hands each bridge to the supervisor, which is started if "
		"none runs, and waits until it is connected or its first "
		"attempt has failed; the supervisor goes on trying either "
		"way. One that is up already is left alone. Names are ids "
		"of the catalog's bridges, or tunnels of tunnels.yaml.",
		"bridge up state-hub", "status, logs, doctor"},
	{"down", command_down, "[NAME...]", 0, ANY, 0, PART_BRIDGES,
		"take bridges down; all of them when none is named",
		"Returns when the processes are gone: SIGTERM first, "
		"SIGKILL after 5 seconds. One that is not up is no error. "
		"`bridge up --resume` does not bring back what was taken "
		"down.",
		"bridge down state-hub", "up, status"},
	{"restart", command_restart, "[NAME...]", 0, ANY,
		TAKES(WAIT) | TAKES(NO_WAIT), PART_BRIDGES,
		"stop and start bridges as they are defined now",
		"Reads the definitions anew, so this is how a changed one "
		"is applied to a bridge that runs. One that is defined no "
		"longer starts as it was.",
		"bridge restart state-hub", "apply, status"},
	{"doctor", command_doctor, "[NAME...]", 0, ANY, TAKES(DOMAIN),
		PART_BRIDGES, "say what keeps bridges down, and how to mend it",
		"Goes the way that a bridge goes, step by step: definition, "
		"key, name, port, host key, login, forwarding, remote port, "
		"local service, health check. Each step is ok, a warning or "
		"a failure with the command that mends it. It changes "
		"nothing.",
		"bridge doctor state-hub", "status, logs"},
	{"status", command_status, "[NAME...]", 0, ANY, TAKES(WATCH),
		PART_BRIDGES, "show all bridges and how they are",
		"Every bridge that runs, has run or is defined: state, health, "
		"since when, the last event and its reason, when it is tried "
		"again. One that is defined and has not run is stopped. "
		"Without a supervisor it is what the last one has left. "
		"Definitions that cannot be read are errors on standard "
		"error; the rest is listed. "
		"--watch takes the whole terminal: q quits, j and k scroll. "
		"A narrow terminal shows less; a pipe and --json everything.",
		"bridge status --watch", "logs, doctor"},
	{"logs", command_logs, "NAME", 1, 1, TAKES(LINES) | TAKES(FOLLOW),
		PART_BRIDGES, "show a bridge's audit log",
		"Every event of a bridge, with its time, its actor and the "
		"reason. --json prints the lines as they are in the file. "
		"--follow goes on when the log is rotated.",
		"bridge logs state-hub --follow", "status, doctor"},
	{"targets", command_targets, "", 0, 0, TAKES(DOMAIN), PART_CATALOG,
		"list the catalog's targets",
		"Needs no configuration inside a catalog's repository: the "
		"catalog is found from the current directory where tunnels.yaml names none.",
		"bridge targets --domain edge", "targets show, catalog list"},
	{"targets show", command_targets_show, "TARGET_ID", 1, 1, 0,
		PART_CATALOG, "show one target and the bridges that use it",
		"Prints the document with the place it stands at, and the "
		"ids of the bridges that lead to it.",
		"bridge targets show gateway", "targets, catalog show"},
	{"catalog list", command_catalog_list, "", 0, 0, 0, PART_CATALOG,
		"list domains, with counts of targets and bridges",
		"Reads HEAD unless --rev or the configuration say "
		"otherwise, without a checkout.",
		"bridge catalog list --rev v1.2", "targets, catalog show"},
	{"catalog validate", command_catalog_validate, "[PATH]", 0, 1,
		TAKES(STRICT) | TAKES(SINCE) | TAKES(FORMAT) | TAKES(OUTPUT),
		PART_CATALOG, "check a catalog; exit 0 valid, 1 invalid",
		"Checks every document against its schema, then what they "
		"say of each other: references, ports, secrets. Each "
		"finding has its place and a rule that `bridge catalog "
		"explain` knows. --since judges a change alone. Formats for "
		"CI: github, gitlab, sarif, junit, rdjson, markdown.",
		"bridge catalog validate . --rev HEAD",
		"catalog explain, catalog diff"},
	{"catalog show", command_catalog_show, "BRIDGE_ID", 1, 1,
		TAKES(ORIGINS), PART_CATALOG, "show one resolved bridge",
		"As the supervisor would get it: the document, its target, "
		"the defaults, and an inline tunnel of the same name over "
		"them. --origins says where each field was set.",
		"bridge catalog show state-hub --origins", "catalog log, up"},
	{"catalog diff", command_catalog_diff, "[A [B]]", 0, 2, 0, PART_CATALOG,
		"say what differs between two revisions",
		"Compares what is defined, not lines: a renamed file is "
		"none. Bridges that run and would change are marked.",
		"bridge catalog diff main HEAD", "catalog log, apply"},
	{"catalog log", command_catalog_log, "ID", 1, 1, 0, PART_CATALOG,
		"list the commits that changed a definition",
		"Follows an id through renames of its file. Write target:ID "
		"where a bridge has the same id.",
		"bridge catalog log state-hub", "catalog diff, catalog show"},
	{"catalog explain", command_catalog_explain, "[RULE]", 0, 1, 0,
		PART_CATALOG, "say why a rule is there, with an example",
		"Every finding ends in the id of its rule; this says what "
		"it is for and shows a document before and after.",
		"bridge catalog explain port/clash", "catalog validate"},
	{"catalog graph", command_catalog_graph, "[PATH]", 0, 1,
		TAKES(PICTURE) | TAKES(DOMAIN) | TAKES(OUTPUT), PART_CATALOG,
		"draw a catalog, and what is wrong with it in red",
		"Domains, targets, bridges and actors as a picture, for "
		"Graphviz or Mermaid.",
		"bridge catalog graph | dot -Tsvg > catalog.svg",
		"catalog list"},
	{"catalog init", command_catalog_init, "DIR", 1, 1, 0, PART_CATALOG,
		"make a small catalog to start from",
		"Writes a domain, a target, two bridges and their actors "
		"into an empty folder, valid from the start, and commits "
		"nothing.",
		"bridge catalog init ops", "catalog validate"},
	{"catalog schema", command_catalog_schema, "KIND", 1, 1, 0,
		PART_CATALOG, "print the JSON Schema of a kind of document",
		"KIND is domain, target, bridge, actor, catalog or tunnels. "
		"Editors can check documents while they are written.",
		"bridge catalog schema bridge > bridge.schema.json",
		"catalog validate"},
	{"apply", command_apply, "", 0, 0,
		TAKES(DRY_RUN) | TAKES(PRUNE) | TAKES(WAIT) | TAKES(NO_WAIT),
		PART_RUNNING, "make what runs equal what is defined",
		"Compares what runs with what is defined, prints what it "
		"would start, restart, update, stop or leave, and does it. "
		"Without --prune, what is defined no longer keeps running.",
		"bridge apply --dry-run", "up, supervise"},
	{"supervise", command_supervise, "", 0, 0,
		TAKES(REAPPLY) | TAKES(PRUNE) | TAKES(UPGRADE), PART_RUNNING,
		"run the supervisor in the foreground, for systemd",
		"Speaks systemd's notification protocol; a user unit is "
		"installed as bridge.service. With --follow it applies what "
		"is defined, and again whenever the revision moves. With "
		"--upgrade it puts this version in the place of the one "
		"that runs; no tunnel is dropped.",
		"bridge supervise --follow --rev main", "apply, up"},
	{"metrics", command_metrics, "", 0, 0, TAKES(OUTPUT), PART_RUNNING,
		"print the state of all bridges as OpenMetrics",
		"With --output the file is replaced as a whole, as "
		"node_exporter's textfile collector wants it.",
		"bridge metrics -o /var/lib/node_exporter/bridge.prom",
		"status"},
	{"mcp", command_mcp, "", 0, 0, TAKES(READ_ONLY), PART_AGENTS,
		"serve agents by the Model Context Protocol",
		"Reads JSON-RPC from standard input and answers on standard "
		"output, in all versions of the protocol up to 2026-07-28. "
		"Bridges that an agent brings up go on when its session "
		"ends.",
		"bridge mcp --read-only", "mcp register"},
	{"mcp register", command_mcp_register, "", 0, 0,
		TAKES(SCOPE) | TAKES(PRINT) | TAKES(READ_ONLY), PART_AGENTS,
		"tell Claude Code, or a project, of this server",
		"Runs `claude mcp add` where there is a claude; otherwise "
		"--scope project puts the server into .mcp.json here, next "
		"to what is there. Twice is no error. --read-only, --config, "
		"--catalog and --rev are passed on to the server.",
		"bridge mcp register --scope user", "mcp"},
	{"completion", command_completion, "SHELL", 1, 1, 0, PART_AGENTS,
		"print the completion for bash, zsh or fish",
		"Completes commands, options and their values, names of "
		"bridges, ids, revisions and rules as they are at that moment.",
		"source <(bridge completion bash)", "up, status"},
	{"complete", command_complete, "[WORD...]", 0, ANY, 0, PART_HIDDEN, "",
		"", "", ""},
	{"manual", command_manual, "PART [KIND]", 1, 2, 0, PART_HIDDEN, "", "",
		"", ""},
};

const size_t command_count = COUNT(commands);
