#include "cmd/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool key_file_check(const struct bridge *bridge, struct diags *diags)
{
	AUTO_CLOSE int fd = open(
		bridge->ssh_key, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	const char *set_by = bridge->set_by[BRIDGE_ssh_key];

	if (fd < 0 || fstat(fd, &status))
		return diag_error(diags, NULL, RULE_BRIDGE_KEY_FILE,
			"bridge '%s': cannot read its key '%s': %s (ssh_key "
			"is set by %s)",
			bridge->name, bridge->ssh_key, strerror(errno),
			set_by ? set_by : "nothing");
	if (!S_ISREG(status.st_mode))
		return diag_error(diags, NULL, RULE_BRIDGE_KEY_FILE,
			"bridge '%s': its key '%s' is not a file", bridge->name,
			bridge->ssh_key);
	if (status.st_uid == geteuid() && (status.st_mode & 077))
		return diag_error(diags, NULL, RULE_BRIDGE_KEY_FILE,
			"bridge '%s': others may read its key '%s', so ssh "
			"will not use it; run chmod 600 on it",
			bridge->name, bridge->ssh_key);
	return true;
}
