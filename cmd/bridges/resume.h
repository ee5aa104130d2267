/*
 * What ran when the last supervisor ended unasked, as it was defined then: the
 * catalog may be out of reach, or have changed.
 */
#ifndef CMD_RESUME_H
#define CMD_RESUME_H

#include "cmd/context/supervisor_query.h"

/* A request for each of them that does not run; a new reference. */
json_t *resume_requests(
	const struct supervisor_query *query, struct diags *diags);

#endif
