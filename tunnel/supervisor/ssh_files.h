/*
 * What ssh needs of the supervisor before it starts: the file of pinned host
 * keys, and options that the installed ssh knows.
 */
#ifndef TUNNEL_SSH_FILES_H
#define TUNNEL_SSH_FILES_H

#include "tunnel/supervisor/internal.h"

/*
 * The file with the pinned host keys of a bridge, written to the state
 * directory under this name. False with errno set.
 */
bool ssh_files_write_hosts(const struct supervisor *supervisor,
	const struct bridge *bridge, const char *file);

/*
 * Has ssh refused an option that only an old one does? From now on all are
 * started without it.
 */
bool ssh_files_is_old_ssh(
	struct supervisor *supervisor, const struct process *process);

#endif
