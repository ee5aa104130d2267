#include "tunnel/supervisor/ssh_files.h"

#include "tunnel/ssh/known_hosts.h"
#include "tunnel/state/state_dir.h"

#include <string.h>

enum { MAX_HOSTS = 2 * 1024 * 1024 };

bool ssh_files_is_old_ssh(
	struct supervisor *supervisor, const struct process *process)
{
	if (supervisor->old_ssh || process->cause != SSH_CONFIG ||
		!process->said || !strcasestr(process->said, "logverbose"))
		return false;
	supervisor->old_ssh = true;
	return true;
}

/* As they are written from the last time, they do: the disk may be full. */
bool ssh_files_write_hosts(const struct supervisor *supervisor,
	const struct bridge *bridge, const char *file)
{
	AUTO_FREE char *keys = known_hosts_lines(bridge);
	AUTO_FREE char *old = state_read(
		supervisor->directory, file, MAX_HOSTS);
	size_t length = strlen(keys);

	if (old && strlen(old) + 1 == length && !strncmp(old, keys, length - 1))
		return true;
	return state_write(supervisor->directory, file, keys, length, false);
}
