/*
 * `bridge status --watch` on a terminal.
 */
#ifndef CMD_STATUS_WATCH_H
#define CMD_STATUS_WATCH_H

#include "cmd/ui/options.h"
#include "schema/diag/diag.h"

/*
 * Show them on the whole terminal until q is typed. EXIT_NO when a name is of
 * no bridge, EXIT_UNABLE when the terminal cannot be used.
 */
enum exit_status status_watch(
	const struct options *options, struct diags *diags);

#endif
