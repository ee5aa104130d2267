/*
 * One bridge while `bridge doctor` looks at it, and what a check makes of it.
 */
#ifndef CMD_DOCTOR_SUBJECT_H
#define CMD_DOCTOR_SUBJECT_H

#include "cmd/context/supervisor_query.h"
#include "cmd/doctor/server_survey.h"
#include "cmd/doctor/ssh_transcript.h"
#include "schema/base/text.h"
#include "schema/bridge/bridge.h"

enum verdict { VERDICT_OK, VERDICT_WARNING, VERDICT_FAILURE, VERDICT_SKIPPED };

/* "ok", "warning", "failure", "skipped" */
const char *verdict_name(enum verdict verdict);

struct subject {
	const struct bridge *bridge;
	const struct supervisor_query *query;
	const json_t *status; /* as the supervisor runs it, or NULL */
	bool unanswered;      /* the supervisor that there is says nothing */
	json_t *ways; /* shared: what is wrong with a host, for the next */

	/* Learned on the way. */
	const char *broken; /* the check that nothing can get past, or NULL */
	char *address;      /* of the host, numeric, or NULL */
	unsigned port;
	bool indirect; /* by a jump or a ProxyCommand */
	bool old_ssh;  /* before 8.5 */
	bool probed;
	struct ssh_transcript transcript;
	bool surveyed;
	struct server_survey survey;
};

#define SUBJECT_INIT                                                           \
	{                                                                      \
		.bridge = NULL                                                 \
	}

void subject_release(struct subject *subject);

#endif
