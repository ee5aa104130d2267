/*
 * What is known while bridges settle, and what is said of it. Internal to
 * bring_up.c and bring_up_report.c.
 */
#ifndef CMD_SETTLING_H
#define CMD_SETTLING_H

#include "cmd/ui/options.h"
#include "cmd/ui/progress.h"
#include "tunnel/control/protocol.h"

#include <jansson.h>

/* What is known of one bridge while we wait. */
struct entry {
	const char *name;
	const json_t *request;
	json_int_t id;  /* of the request */
	json_t *status; /* the newest, or NULL */
	char *refusal;  /* why the supervisor would not, or NULL */
	bool answered;
	bool already; /* it ran before */
	bool changed; /* with another definition */
	bool settled;
	bool restarts; /* events count from bridge_started on */
};

/* Entries of one request, or of several that were made one after another. */
struct settling {
	struct entry *entries;
	size_t count;
	const struct options *options;
	enum control_op op;
	bool gone; /* no supervisor is left */
	struct progress progress;
};

bool settle_is_up(const struct entry *entry);

/* Has the first attempt had its result? */
bool settle_has_result(const struct entry *entry);

/* Somebody else took it down meanwhile. */
bool settle_is_stopped(const struct entry *entry);

void settle_print(const struct settling *settling);
void settle_say_older(const struct settling *settling);

/* An array of status objects. */
json_t *settle_json(const struct settling *settling);

#endif
