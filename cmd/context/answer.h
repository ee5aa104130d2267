/*
 * What commands know, apart from how it is shown: the object that `--json`
 * prints, and that an MCP tool returns. Nothing is printed on the way, but for
 * notes where the options are not quiet, so several of them may run at once in
 * threads of their own.
 *
 * *answer is a new reference, NULL when there is no answer: findings in diags
 * say why then. The result is what the command exits with; EXIT_NO may come
 * with an answer (a bridge that did not come up).
 */
#ifndef CMD_ANSWER_H
#define CMD_ANSWER_H

#include "cmd/ui/options.h"

#include <jansson.h>

/* {supervisor_pid, bridges}: of those named, or all. */
enum exit_status answer_status(
	const struct options *options, json_t **answer, struct diags *diags);

/*
 * {bridges}: as they are when each has connected or failed, or the time is
 * up. Without `answer` a table is printed instead, and findings as soon as
 * they are known.
 */
enum exit_status answer_up(
	const struct options *options, json_t **answer, struct diags *diags);
enum exit_status answer_restart(
	const struct options *options, json_t **answer, struct diags *diags);

/* {bridges: [{name, state, was_up}]} */
enum exit_status answer_down(
	const struct options *options, json_t **answer, struct diags *diags);

/*
 * {bridge, events, truncated}: the last `lines` of its audit log, not before
 * `since`, as objects, oldest first; 256 KiB at most.
 */
enum exit_status answer_logs(
	const struct options *options, json_t **answer, struct diags *diags);

/* {catalog, revision, domains} */
enum exit_status answer_domains(
	const struct options *options, json_t **answer, struct diags *diags);

/* {catalog, revision, targets} */
enum exit_status answer_targets(
	const struct options *options, json_t **answer, struct diags *diags);

/* The target that the one argument names, with its bridges. */
enum exit_status answer_target(
	const struct options *options, json_t **answer, struct diags *diags);

/* The bridge that the one argument names, resolved. */
enum exit_status answer_bridge(
	const struct options *options, json_t **answer, struct diags *diags);

/* The report as `--format json` has it. */
enum exit_status answer_validate(
	const struct options *options, json_t **answer, struct diags *diags);

#endif
