#ifndef TUNNEL_SSH_OPTIONS_H
#define TUNNEL_SSH_OPTIONS_H

#include <stdbool.h>

/* What `bridge doctor` starts ssh for; nothing of it lasts. */
enum ssh_probe {
	SSH_NO_PROBE,
	SSH_PROBE_FORWARD, /* ask for the forward, and say everything */
	SSH_PROBE_COMMAND, /* run a command there: ssh_options.command */
};

struct ssh_options {
	enum ssh_probe probe;
	const char *command;
	bool accept_any_key;       /* a probe may, for an unknown host */
	bool old_ssh;              /* before 8.5: no LogVerbose, use debug */
	const char *known_hosts;   /* file with what known_hosts_has_pins() is
				      about */
	const char *health_socket; /* path for the way back, or NULL */
	/* Be a master for others at this path, without forwards; or NULL. */
	const char *master_socket;
};

#endif
