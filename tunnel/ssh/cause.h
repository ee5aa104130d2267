/*
 * Why an ssh ended, by what it says.
 *
 * The messages were measured with OpenSSH 8.4 to 9.2. Every failure on ssh's
 * side exits with 255, so causes come from stderr; SIGTERM to `ssh -N` exits
 * with 0, so 0 is a drop as well.
 */
#ifndef TUNNEL_CAUSE_H
#define TUNNEL_CAUSE_H

#include <stdbool.h>

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

/* What a line of stderr says about why ssh is going to end. */
enum ssh_cause ssh_classify(const char *line);

/* Is it a line for people (not a debug line, not the pre-auth banner)? */
bool ssh_line_is_noise(const char *line);

#endif
