/*
 * What is defined but does not run and has not run, for `bridge status`: it
 * is stopped. Names are listed first, and only bridges that the supervisor
 * and the state directory do not know are read.
 */
#ifndef CMD_DEFINED_H
#define CMD_DEFINED_H

#include "catalog/resolve/resolve.h"
#include "cmd/ui/options.h"

#include <jansson.h>

struct defined {
	struct resolver resolver;
	/* Errors alone; a definition that cannot be read hides no status. */
	struct diags diags;
	size_t read_errors; /* of them, until names were known */
	char **names;       /* sorted */
	size_t count, at;
	size_t shown;    /* since defined_begin() */
	int64_t read_at; /* client_now(), 0: never */

	/* What takes the status objects, sorted by name. */
	void (*take)(const json_t *status, void *data);
	void *data;
};

#define DEFINED_INIT                                                           \
	{                                                                      \
		.resolver = RESOLVER_INIT                                      \
	}

void defined_release(struct defined *defined);

/*
 * Start to list. The definitions are read anew when that was two seconds ago
 * or more: --watch does this on every event.
 */
void defined_begin(struct defined *defined, const struct options *options);

/*
 * A status object of what runs or has run, as running_each() has it; `defined`
 * is a struct defined. Takes what is defined and comes before it, then it.
 */
void defined_take(const json_t *status, void *defined);

/* Take the rest. */
void defined_end(struct defined *defined);

/* The status object of a bridge that has not run. */
json_t *defined_status(const struct bridge *bridge);

#endif
