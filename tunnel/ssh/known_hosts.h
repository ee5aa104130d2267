/*
 * Pinned host keys, of a bridge's host and of its jump hosts: the lines of a
 * private known_hosts file (sshd(8)), and the options that go with it.
 */
#ifndef TUNNEL_KNOWN_HOSTS_H
#define TUNNEL_KNOWN_HOSTS_H

#include "schema/base/text.h"
#include "schema/bridge/bridge.h"

#include <stdbool.h>
#include <stddef.h>

/* Are keys pinned, of its host or of a jump host? */
bool known_hosts_has_pins(const struct bridge *bridge);

/* Are keys of this jump host pinned? */
bool known_hosts_pins_jump(const struct bridge *bridge, size_t hop);

/* What goes with a file of pinned keys, for -o; ends with NULL. */
const char *const *known_hosts_pin_options(bool old_ssh);

/*
 * The lines of a private known_hosts file with the pinned keys; malloc'd. A
 * jump host's keys stand under a name of its own (ssh_config(5),
 * HostKeyAlias): several hosts may be reached by the same address, from
 * different ends.
 */
char *known_hosts_lines(const struct bridge *bridge);

/* That name. */
void known_hosts_append_alias(
	struct text *text, const struct bridge *bridge, size_t hop);

#endif
