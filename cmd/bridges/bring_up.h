/*
 * Handing bridges to the supervisor and waiting until each has connected or
 * failed its first attempt: what `up` and `restart` share.
 */
#ifndef CMD_BRING_UP_H
#define CMD_BRING_UP_H

#include "cmd/ui/options.h"
#include "tunnel/control/client.h"

/*
 * Send `op` for every bridge of `list` (their JSON form; a name alone for
 * restart), wait as the options say, and print a line for each, unless
 * `answer` gets {bridges} instead. EXIT_YES when all are connected, and with
 * --no-wait.
 */
enum exit_status bring_up(enum control_op op, const json_t *list,
	const struct options *options, json_t **answer, struct diags *diags);

struct bring_up_step {
	enum control_op op;
	const json_t *requests; /* as bring_up() takes them; borrowed */
	bool silent;            /* not in the table, nor in the JSON */
};

/*
 * The same for several steps, each begun when the one before has settled, with
 * one table of all at the end, by name. `bridges` (may be NULL) gets the array
 * that JSON shows, a new reference; no table is printed then. EXIT_NO when a
 * bridge of any step did not come up.
 */
enum exit_status bring_up_all(const struct bring_up_step *steps, size_t count,
	const struct options *options, json_t **bridges, struct diags *diags);

#endif
