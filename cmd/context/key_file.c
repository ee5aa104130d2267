#include "cmd/context/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* sshd(8), AUTHORIZED_KEYS FILE FORMAT: how such a line begins. */
static bool is_public_key(int fd)
{
	static const char *const types[] = {"ssh-", "ecdsa-sha2-", "sk-"};
	char start[16] = "";

	if (read(fd, start, sizeof(start) - 1) <= 0)
		return false;
	for (size_t i = 0; i < COUNT(types); i++)
		if (!strncmp(start, types[i], strlen(types[i])))
			return true;
	return false;
}

enum key_file key_file_look(const struct bridge *bridge, struct diags *diags)
{
	AUTO_CLOSE int fd = open(
		bridge->ssh_key, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	const char *set_by = bridge->set_by[BRIDGE_ssh_key];

	if (fd < 0 || fstat(fd, &status)) {
		enum key_file found = errno == ENOENT ? KEY_FILE_MISSING
						      : KEY_FILE_UNFIT;

		diag_error(diags, NULL, RULE_BRIDGE_KEY_FILE,
			"bridge '%s': cannot read its key '%s': %s (ssh_key "
			"is set by %s)",
			bridge->name, bridge->ssh_key, strerror(errno),
			set_by ? set_by : "nothing");
		return found;
	}
	if (!S_ISREG(status.st_mode)) {
		diag_error(diags, NULL, RULE_BRIDGE_KEY_FILE,
			"bridge '%s': its key '%s' is not a file", bridge->name,
			bridge->ssh_key);
		return KEY_FILE_UNFIT;
	}
	if (is_public_key(fd)) {
		diag_error(diags, NULL, RULE_BRIDGE_KEY_FILE,
			"bridge '%s': its key '%s' is a public key; ssh_key "
			"names the private one",
			bridge->name, bridge->ssh_key);
		return KEY_FILE_UNFIT;
	}
	if (status.st_uid == geteuid() && (status.st_mode & 077)) {
		diag_error(diags, NULL, RULE_BRIDGE_KEY_FILE,
			"bridge '%s': others may read its key '%s', so ssh "
			"will not use it; run chmod 600 on it",
			bridge->name, bridge->ssh_key);
		return KEY_FILE_OPEN;
	}
	return KEY_FILE_FINE;
}

bool key_file_check(const struct bridge *bridge, struct diags *diags)
{
	return key_file_look(bridge, diags) == KEY_FILE_FINE;
}
