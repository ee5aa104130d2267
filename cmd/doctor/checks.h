/*
 * What `bridge doctor` looks at, from the definition of a bridge to the answer
 * of its service: one row and one function a check, in the order in which a
 * tunnel needs them. Nothing is changed by looking: the forward is asked for
 * and let go, no host key is written down, a bridge that runs is left alone.
 */
#ifndef CMD_DOCTOR_CHECKS_H
#define CMD_DOCTOR_CHECKS_H

#include "cmd/doctor/subject.h"

/* `found` is for people; `fix` what to do about it, a command where it can. */
struct check {
	const char *name;
	bool needs_way; /* skipped once the way there is broken */
	bool is_way;    /* its failure breaks it */
	enum verdict (*run)(
		struct subject *subject, struct text *found, struct text *fix);
};

extern const struct check checks[];
extern const size_t check_count;

/* Run one; its row says when it is skipped. */
enum verdict check_run(const struct check *check, struct subject *subject,
	struct text *found, struct text *fix);

#endif
