/*
 * Commands: one row each in commands.c, one file each beside it.
 */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include "cmd/ui/options.h"

enum command_part {
	PART_BRIDGES,
	PART_CATALOG,
	PART_RUNNING,
	PART_AGENTS,
	COMMAND_PARTS,
	PART_HIDDEN = COMMAND_PARTS /* for programs: no help lists it */
};

struct command {
	const char *name; /* "up", "catalog show" */
	enum exit_status (*run)(const struct options *options);
	const char *arguments; /* "[NAME...]", or "" */
	size_t least, most;    /* number of arguments */
	uint32_t takes;        /* options beyond TAKES_EVERYWHERE */
	enum command_part part;
	const char *summary; /* one line, no full stop */
	const char *about;   /* sentences: what the summary does not say */
	const char *example;
	const char *see; /* other commands: "status, logs" */
};

/* Headings of the overview, in its order. */
extern const char *const command_parts[COMMAND_PARTS];

extern const struct command commands[];
extern const size_t command_count;

enum exit_status command_up(const struct options *options);
enum exit_status command_down(const struct options *options);
enum exit_status command_restart(const struct options *options);
enum exit_status command_apply(const struct options *options);
enum exit_status command_supervise(const struct options *options);
enum exit_status command_mcp(const struct options *options);
enum exit_status command_mcp_register(const struct options *options);
enum exit_status command_doctor(const struct options *options);
enum exit_status command_status(const struct options *options);
enum exit_status command_logs(const struct options *options);
enum exit_status command_metrics(const struct options *options);
enum exit_status command_targets(const struct options *options);
enum exit_status command_targets_show(const struct options *options);
enum exit_status command_catalog_list(const struct options *options);
enum exit_status command_catalog_validate(const struct options *options);
enum exit_status command_catalog_show(const struct options *options);
enum exit_status command_catalog_diff(const struct options *options);
enum exit_status command_catalog_log(const struct options *options);
enum exit_status command_catalog_explain(const struct options *options);
enum exit_status command_catalog_graph(const struct options *options);
enum exit_status command_catalog_init(const struct options *options);
enum exit_status command_catalog_schema(const struct options *options);

enum exit_status command_complete(const struct options *options);
enum exit_status command_manual(const struct options *options);
enum exit_status command_completion(const struct options *options);

/* help.c */
void help_overview(void);
void help_group(const char *group);
void help_command(const struct command *command);

#endif
