/*
 * What `logs` and the tool of that name share.
 */
#ifndef CMD_LOGS_H
#define CMD_LOGS_H

#include "cmd/ui/options.h"
#include "tunnel/control/client.h"

/*
 * Is there such a bridge, although it has no log? False with a finding. The
 * client needs no connection, only the state directory, if there is one.
 */
bool logs_is_known(const char *name, const struct options *options,
	const struct client *client, struct diags *diags);

#endif
