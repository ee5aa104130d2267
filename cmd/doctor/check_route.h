/*
 * Checks of how to get to the host.
 */
#ifndef CMD_DOCTOR_CHECK_ROUTE_H
#define CMD_DOCTOR_CHECK_ROUTE_H

#include "cmd/doctor/subject.h"

enum verdict check_route_name(
	struct subject *subject, struct text *found, struct text *fix);
enum verdict check_route_connect(
	struct subject *subject, struct text *found, struct text *fix);

/*
 * Connect with a deadline; 0 or an errno. With `banner`, what is said first is
 * read, too, made visible and cut.
 */
int check_route_dial(const char *host, unsigned port, struct text *banner);

#endif
