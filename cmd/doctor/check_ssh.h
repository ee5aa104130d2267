/*
 * Checks of what ssh makes of the way.
 */
#ifndef CMD_DOCTOR_CHECK_SSH_H
#define CMD_DOCTOR_CHECK_SSH_H

#include "cmd/doctor/run_probe.h"
#include "cmd/doctor/subject.h"
#include "tunnel/ssh/cause.h"
#include "tunnel/ssh/options.h"

enum verdict check_ssh_host_key(
	struct subject *subject, struct text *found, struct text *fix);
enum verdict check_ssh_login(
	struct subject *subject, struct text *found, struct text *fix);

/* What ssh's end calls for, a command where it can. */
void check_ssh_advise(struct text *fix, enum ssh_cause cause);

/* Ask for the forward once, for subject->transcript. */
void check_ssh_probe(struct subject *subject);

/*
 * One ssh, as the supervisor would start it, until its stderr has `until` (may
 * be NULL). False when there is none.
 */
bool check_ssh_run(struct subject *subject, struct ssh_options options,
	const char *until, struct probe *probe);

#endif
