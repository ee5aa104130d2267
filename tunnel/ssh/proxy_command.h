/*
 * The way through other hosts, as ssh's ProxyCommand. Not -J: that starts an
 * ssh which is told nothing of ours (ssh_config(5), ProxyJump). It would ask at
 * a terminal that is not there whether to trust a new host, and would not use
 * the bridge's key.
 *
 * ssh gives the command to the user's shell. What goes into it has been through
 * bridge_check(), which takes no quotes and no control characters, and is in
 * single quotes all the same.
 */
#ifndef TUNNEL_PROXY_COMMAND_H
#define TUNNEL_PROXY_COMMAND_H

#include "schema/bridge/bridge.h"
#include "tunnel/ssh/options.h"

/*
 * "ProxyCommand=..." for the bridge's jump hosts, of which there must be one;
 * malloc'd. A host of which keys are pinned is asked for one of them, from
 * options->known_hosts; a probe writes no new one down.
 */
char *proxy_command_option(
	const struct bridge *bridge, const struct ssh_options *options);

#endif
