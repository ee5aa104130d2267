/*
 * The arguments of ssh (ssh(1), ssh_config(5)), and what it says once the
 * forward is there. Pure: no process is started here.
 */
#ifndef TUNNEL_ARGV_H
#define TUNNEL_ARGV_H

#include "schema/bridge/bridge.h"
#include "tunnel/ssh/options.h"

#include <stdbool.h>

/*
 * The argument vector, NULL-terminated, for execvp. Release with
 * ssh_argv_free(). Every value is checked once more: false for a bridge that
 * bridge_check() refuses.
 */
bool ssh_argv(char ***argv, const struct bridge *bridge,
	const struct ssh_options *options, struct diags *diags);

void ssh_argv_free(char **argv);

/* Where a health check from the remote end connects there. */
const char *ssh_health_host(const struct bridge *bridge);

/*
 * What the confirmation of this bridge's forward looks like in ssh's stderr:
 * a substring with the exact endpoints; malloc'd.
 */
char *ssh_confirmation(const struct bridge *bridge);

#endif
