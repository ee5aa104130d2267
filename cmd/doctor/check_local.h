/*
 * Checks of what is on this machine.
 */
#ifndef CMD_DOCTOR_CHECK_LOCAL_H
#define CMD_DOCTOR_CHECK_LOCAL_H

#include "cmd/doctor/subject.h"

enum verdict check_local_running(
	struct subject *subject, struct text *found, struct text *fix);
enum verdict check_local_key(
	struct subject *subject, struct text *found, struct text *fix);
enum verdict check_local_service(
	struct subject *subject, struct text *found, struct text *fix);
enum verdict check_local_health(
	struct subject *subject, struct text *found, struct text *fix);

#endif
