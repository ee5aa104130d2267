#include "cmd/doctor/checks.h"

#include "cmd/doctor/check_local.h"
#include "cmd/doctor/check_route.h"
#include "cmd/doctor/check_server.h"
#include "cmd/doctor/check_ssh.h"

const struct check checks[] = {
	{"running", false, false, check_local_running},
	{"key", false, true, check_local_key},
	{"name", true, true, check_route_name},
	{"connection", true, true, check_route_connect},
	{"host key", true, true, check_ssh_host_key},
	{"login", true, true, check_ssh_login},
	{"forward", true, false, check_server_forward},
	{"server", true, false, check_server_alive},
	{"service", false, false, check_local_service},
	{"health", false, false, check_local_health},
};

const size_t check_count = COUNT(checks);

enum verdict check_run(const struct check *check, struct subject *subject,
	struct text *found, struct text *fix)
{
	enum verdict verdict;

	if (check->needs_way && subject->broken) {
		text_format(found, "not without '%s'", subject->broken);
		return VERDICT_SKIPPED;
	}
	verdict = check->run(subject, found, fix);
	if (check->is_way && verdict == VERDICT_FAILURE)
		subject->broken = check->name;
	return verdict;
}
