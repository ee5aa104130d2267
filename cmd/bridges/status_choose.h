/*
 * Which bridges `bridge status` is asked about.
 */
#ifndef CMD_STATUS_CHOOSE_H
#define CMD_STATUS_CHOOSE_H

#include "cmd/context/supervisor_query.h"
#include "cmd/ui/options.h"

/*
 * Those that are named, of what runs, has run or is defined, an array. False
 * when a name is of no bridge.
 */
bool status_choose(json_t **chosen, const struct supervisor_query *query,
	const struct options *options, struct diags *diags);

#endif
