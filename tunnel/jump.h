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
#ifndef TUNNEL_JUMP_H
#define TUNNEL_JUMP_H

#include "schema/bridge.h"

/*
 * "ProxyCommand=..." for the bridge's jump hosts, of which there must be one;
 * malloc'd. `forgetful`: new host keys are not written down.
 */
char *jump_option(const struct bridge *bridge, bool forgetful);

#endif
