/*
 * Checks of what the server makes of the tunnel.
 */
#ifndef CMD_DOCTOR_CHECK_SERVER_H
#define CMD_DOCTOR_CHECK_SERVER_H

#include "cmd/doctor/subject.h"

enum verdict check_server_forward(
	struct subject *subject, struct text *found, struct text *fix);
enum verdict check_server_alive(
	struct subject *subject, struct text *found, struct text *fix);

#endif
