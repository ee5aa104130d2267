/*
 * What has to be done so that what runs is what is defined: made from both,
 * shown, carried out.
 */
#ifndef CMD_PLAN_H
#define CMD_PLAN_H

#include "catalog/resolve/resolve.h"
#include "cmd/context/supervisor_query.h"
#include "cmd/ui/options.h"

enum plan_action {
	PLAN_START,
	PLAN_RESTART, /* what ssh is told has changed */
	PLAN_UPDATE,  /* something else has: the connection stays */
	PLAN_STOP,
	PLAN_FORGET, /* it has stopped, and is not listed any more */
	PLAN_LEAVE,  /* it runs on, although it is not what is defined */
	PLAN_KEEP,
	PLAN_ACTIONS
};

struct plan_row {
	enum plan_action action;
	char *name;
	char *why;               /* for people, or NULL */
	json_t *changes;         /* bridge_differences(), or NULL */
	json_t *definition;      /* the new one, or NULL */
	char *place, *old_place; /* where it listens, or NULL */
	bool moved;              /* KEEP, but from another revision */
	bool in_the_way;         /* RESTART into a place that another leaves */
};

struct plan {
	struct plan_row *rows; /* by name */
	size_t count, capacity;
	bool fine; /* no definition was broken */
};

#define PLAN_INIT                                                              \
	{                                                                      \
		.rows = NULL                                                   \
	}

void plan_release(struct plan *plan);

/*
 * From what is defined and what runs (asked with QUERY_DEFINITIONS). What is
 * defined no longer is stopped when `prune` is set, and forgotten when it has
 * stopped before; what is broken never is.
 * False when the definitions could not be read, so that nothing can be said.
 */
bool plan_make(struct plan *plan, struct resolver *resolver,
	const struct supervisor_query *query, bool prune, struct diags *diags);

/* Is there anything to do? */
bool plan_is_empty(const struct plan *plan);

/* A line for each row; what is kept only with `all`. */
void plan_print(const struct plan *plan, bool all);

/* [{"action", "name", "reason", "changes"}]; a new reference. */
json_t *plan_json(const struct plan *plan);

/*
 * Do it: stops first, then what is restarted or updated, then what starts, so
 * that a place is free before another takes it. Bridges that change places
 * with each other are stopped first. As bring_up_all() otherwise.
 */
enum exit_status plan_carry_out(const struct plan *plan,
	struct supervisor_query *query, const struct options *options,
	json_t **bridges, struct diags *diags);

#endif
