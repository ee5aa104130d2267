#include "cmd/doctor/checks.h"

#include <stdlib.h>

const struct check checks[] = {
	{"running", false, false, check_running},
	{"key", false, true, check_key},
	{"name", true, true, check_name},
	{"connection", true, true, check_connect},
	{"host key", true, true, check_host_key},
	{"login", true, true, check_login},
	{"forward", true, false, check_forward},
	{"server", true, false, check_alive},
	{"service", false, false, check_service},
	{"health", false, false, check_health},
};

const size_t check_count = COUNT(checks);

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
		[VERDICT_OK] = "ok",
		[VERDICT_WARNING] = "warning",
		[VERDICT_FAILURE] = "failure",
		[VERDICT_SKIPPED] = "skipped",
	};

	return names[verdict];
}

void patient_release(struct patient *patient)
{
	free(patient->address);
	*patient = (struct patient)PATIENT_INIT;
}

void check_advise(struct text *mend, enum ssh_cause cause)
{
	const char *advice = ssh_cause_advice(cause);

	text_append(mend, *advice ? advice
				  : "see what the server says of it, there: "
				    "journalctl -t sshd");
}

enum verdict check_run(const struct check *check, struct patient *patient,
	struct text *found, struct text *mend)
{
	enum verdict verdict;

	if (check->needs_way && patient->broken) {
		text_format(found, "not without '%s'", patient->broken);
		return VERDICT_SKIPPED;
	}
	verdict = check->run(patient, found, mend);
	if (check->is_way && verdict == VERDICT_FAILURE)
		patient->broken = check->name;
	return verdict;
}
