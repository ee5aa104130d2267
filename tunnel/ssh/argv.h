/*
 * What we say to ssh, and what we understand of its answers. Pure: no process
 * is started here.
 *
 * Sources: ssh(1), ssh_config(5); the messages were measured with OpenSSH
 * 8.4 to 9.2. Every failure on ssh's side exits with 255, so causes come from
 * stderr; SIGTERM to `ssh -N` exits with 0, so 0 is a drop as well.
 */
#ifndef TUNNEL_SSH_H
#define TUNNEL_SSH_H

#include "schema/bridge/bridge.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Why an ssh ended. In the order of how much it says: of several lines the
 * one with the smallest cause counts.
 */
enum ssh_cause {
	SSH_NOT_STARTED, /* exec failed */
	SSH_TIMEOUT,     /* no confirmation in time */
	SSH_HOST_KEY,    /* unknown or changed: a person must look */
	SSH_FORBIDDEN,   /* forwarding is not permitted, as sshd says */
	SSH_PORT_IN_USE, /* or not permitted, by an sshd that does not say so */
	SSH_KEY_FILE,    /* the private key cannot be used */
	SSH_AUTH,        /* key refused */
	SSH_CONFIG,      /* an option that this ssh does not take */
	SSH_DNS,
	SSH_DEAD_LINK, /* ServerAlive had no answer */
	SSH_NETWORK,   /* refused, unreachable, timed out */
	/* MaxStartups, or a ban; also what follows when a jump host fails. */
	SSH_THROTTLED,
	SSH_CLOSED, /* the other side hung up */
	SSH_KILLED, /* ended by a signal */
	SSH_UNKNOWN,
};

/* Milliseconds from start to confirmation before ssh is given up on. */
enum { SSH_HANDSHAKE_MS = 45000 };

/* The longest stderr line that is looked at; the rest of it is dropped. */
enum { SSH_MAX_LINE = 1000 };

/* "auth", "host-key", "port-in-use", ... */
const char *ssh_cause_name(enum ssh_cause cause);

/* SSH_UNKNOWN for a text that is no cause's name, and for NULL. */
enum ssh_cause ssh_cause_find(const char *name);

/* Is it no use to try again without a change? */
bool ssh_cause_is_final(enum ssh_cause cause);

/* What to do about it, for people; "" where there is nothing to say. */
const char *ssh_cause_advice(enum ssh_cause cause);

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
	const char *known_hosts;   /* file with what ssh_has_pins() is about */
	const char *health_socket; /* path for the way back, or NULL */
	/* Be a master for others at this path, without forwards; or NULL. */
	const char *master_socket;
};

/*
 * The argument vector, NULL-terminated, for execvp. Release with
 * ssh_argv_free(). Every value is checked once more: false for a bridge that
 * bridge_check() refuses.
 */
bool ssh_argv(char ***argv, const struct bridge *bridge,
	const struct ssh_options *options, struct diags *diags);

void ssh_argv_free(char **argv);

/* Are keys pinned, of its host or of one on the way? */
bool ssh_has_pins(const struct bridge *bridge);

/* What goes with a file of pinned keys, for -o; ends with NULL. */
const char *const *ssh_pin_options(const struct ssh_options *options);

/* The lines of a private known_hosts file with the pinned keys. */
char *ssh_known_hosts(const struct bridge *bridge);

/* Where a health check from the remote end connects there. */
const char *ssh_health_host(const struct bridge *bridge);

/*
 * What the confirmation of this bridge's forward looks like in ssh's stderr:
 * a substring with the exact endpoints; malloc'd.
 */
char *ssh_confirmation(const struct bridge *bridge);

/* What a line of stderr says about why ssh is going to end. */
enum ssh_cause ssh_classify(const char *line);

/* Is it a line for people (not a debug line, not the pre-auth banner)? */
bool ssh_line_is_noise(const char *line);

#endif
