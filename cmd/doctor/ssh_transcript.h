/*
 * What `ssh -v` tells of one attempt. Pure: text in, facts out. The lines were
 * measured with OpenSSH 9.2; one that another version words differently leaves
 * its fact unknown. Everything in it is foreign.
 *
 * A refused forward is told apart by sshd's own debug message, which comes as
 * "debug1: Remote: ...": without one the port could not be bound.
 */
#ifndef CMD_DOCTOR_SSH_TRANSCRIPT_H
#define CMD_DOCTOR_SSH_TRANSCRIPT_H

#include "tunnel/ssh/cause.h"

#include <stdbool.h>

enum { SSH_TRANSCRIPT_MAX_FACT = 200 };

struct ssh_transcript {
	bool connected;   /* "Connection established." */
	bool key_seen;    /* the server has shown its host key */
	bool key_known;   /* and it is one of those we know */
	bool key_unknown; /* nothing is known of this host */
	bool key_changed; /* another one is known */
	bool authenticated;
	bool forwarded;       /* the server listens */
	bool forward_refused; /* or does not */
	bool forbidden;       /* because it is not permitted */
	bool forced_command;  /* the key may do nothing but run it */
	bool options_seen;    /* the key's options are known */
	enum ssh_cause cause; /* of the end, as the supervisor would say */
	char software[SSH_TRANSCRIPT_MAX_FACT];    /* "OpenSSH_9.2p1" */
	char fingerprint[SSH_TRANSCRIPT_MAX_FACT]; /* "ssh-ed25519 SHA256:..."
						    */
	char found_in[SSH_TRANSCRIPT_MAX_FACT];    /* "/path/known_hosts:3" */
	char offending[SSH_TRANSCRIPT_MAX_FACT]; /* the same, of another key */
	char jump_refused[SSH_TRANSCRIPT_MAX_FACT]; /* a host on the way: its
						       key */
	char options[SSH_TRANSCRIPT_MAX_FACT]; /* of the key: "port-forwarding"
						*/
	char refusal[SSH_TRANSCRIPT_MAX_FACT]; /* sshd's word on it */
	char said[SSH_TRANSCRIPT_MAX_FACT]; /* the line that tells the cause */
};

void ssh_transcript_read(struct ssh_transcript *transcript, const char *text);

#endif
