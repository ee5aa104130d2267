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

#include "schema/base/text.h"
#include "tunnel/ssh/argv.h"

/*
 * "ProxyCommand=..." for the bridge's jump hosts, of which there must be one;
 * malloc'd. A host of which keys are pinned is asked for one of them, from
 * options->known_hosts; a probe writes no new one down.
 */
char *jump_option(
	const struct bridge *bridge, const struct ssh_options *options);

/*
 * The lines of a private known_hosts file with the keys of the jump hosts.
 * Each stands under a name of its own (ssh_config(5), HostKeyAlias): several
 * hosts may be reached by the same address, from different ends.
 */
void jump_known_hosts(struct text *lines, const struct bridge *bridge);

#endif
