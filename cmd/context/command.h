/*
 * What runs each command, as its row in cmd/commands.c says.
 */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include "cmd/ui/options.h"

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

#endif
