/*
 * Handing bridges to the supervisor and waiting until each has connected or
 * failed its first attempt: what `up` and `restart` share.
 */
#ifndef CMD_SETTLE_H
#define CMD_SETTLE_H

#include "cmd/options.h"
#include "tunnel/client.h"

/*
 * Send `op` for every bridge of `list` (their JSON form; a name alone for
 * restart), wait as the options say, and print a line for each, or JSON.
 * EXIT_YES when all are connected, and with --no-wait.
 */
enum exit_status settle(enum control_op op, const json_t *list,
	const struct options *options, struct diags *diags);

#endif
