/*
 * What is known of bridges while bring_up.c waits for them, and what is said of
 * it at the end.
 */
#ifndef CMD_BRING_UP_REPORT_H
#define CMD_BRING_UP_REPORT_H

#include "cmd/ui/options.h"
#include "cmd/ui/progress.h"
#include "tunnel/control/protocol.h"

#include <jansson.h>

/* What is known of one bridge while we wait. */
struct bring_up_entry {
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
struct bring_up {
	struct bring_up_entry *entries;
	size_t count;
	const struct options *options;
	enum control_op op;
	bool gone; /* no supervisor is left */
	struct progress progress;
};

bool bring_up_entry_is_up(const struct bring_up_entry *entry);

/* Has the first attempt had its result? */
bool bring_up_entry_has_result(const struct bring_up_entry *entry);

/* Somebody else took it down meanwhile. */
bool bring_up_entry_is_stopped(const struct bring_up_entry *entry);

void bring_up_report_print(const struct bring_up *settling);
void bring_up_report_say_older(const struct bring_up *settling);

/* An array of status objects. */
json_t *bring_up_report_json(const struct bring_up *settling);

#endif
