/*
 * What `bridge doctor` looks at, from the definition of a bridge to the answer
 * of its service: one row and one function a check, in the order in which a
 * tunnel needs them. Nothing is changed by looking: the forward is asked for
 * and let go, no host key is written down, a bridge that runs is left alone.
 */
#ifndef CMD_DOCTOR_CHECKS_H
#define CMD_DOCTOR_CHECKS_H

#include "cmd/context/supervisor_query.h"
#include "cmd/doctor/run_probe.h"
#include "cmd/doctor/server_survey.h"
#include "cmd/doctor/ssh_transcript.h"
#include "schema/base/text.h"
#include "schema/bridge/bridge.h"
#include "tunnel/ssh/cause.h"
#include "tunnel/ssh/options.h"

enum verdict { VERDICT_OK, VERDICT_WARNING, VERDICT_FAILURE, VERDICT_SKIPPED };

/* "ok", "warning", "failure", "skipped" */
const char *verdict_name(enum verdict verdict);

/* One bridge while it is looked at. */
struct patient {
	const struct bridge *bridge;
	const struct running *running;
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
	struct story story;
	bool surveyed;
	struct survey survey;
};

#define PATIENT_INIT                                                           \
	{                                                                      \
		.bridge = NULL                                                 \
	}

void patient_release(struct patient *patient);

/* `found` is for people; `mend` what to do about it, a command where it can. */
struct check {
	const char *name;
	bool needs_way; /* skipped once the way there is broken */
	bool is_way;    /* its failure breaks it */
	enum verdict (*run)(
		struct patient *patient, struct text *found, struct text *mend);
};

extern const struct check checks[];
extern const size_t check_count;

/* What ssh's end calls for, a command where it can. */
void check_advise(struct text *mend, enum ssh_cause cause);

/* Run one; its row says when it is skipped. */
enum verdict check_run(const struct check *check, struct patient *patient,
	struct text *found, struct text *mend);

/*
 * check_route.c: how to get there. check_ssh.c: what ssh makes of it.
 * check_server.c: what the server makes of the tunnel. check_local.c: what is
 * here.
 */
enum verdict check_running(struct patient *, struct text *, struct text *);
enum verdict check_key(struct patient *, struct text *, struct text *);
enum verdict check_name(struct patient *, struct text *, struct text *);
enum verdict check_connect(struct patient *, struct text *, struct text *);
enum verdict check_host_key(struct patient *, struct text *, struct text *);
enum verdict check_login(struct patient *, struct text *, struct text *);
enum verdict check_forward(struct patient *, struct text *, struct text *);
enum verdict check_alive(struct patient *, struct text *, struct text *);
enum verdict check_service(struct patient *, struct text *, struct text *);
enum verdict check_health(struct patient *, struct text *, struct text *);

/* Ask for the forward once, for patient->story. */
void check_probe(struct patient *patient);

/*
 * One ssh, as the supervisor would start it, until its stderr has `until` (may
 * be NULL). False when there is none.
 */
bool check_run_ssh(struct patient *patient, struct ssh_options options,
	const char *until, struct probe *probe);

/*
 * Connect with a deadline; 0 or an errno. With `banner`, what is said first is
 * read, too, made visible and cut.
 */
int check_dial(const char *host, unsigned port, struct text *banner);

#endif
