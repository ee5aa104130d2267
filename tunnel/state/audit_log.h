/*
 * The audit log of a bridge: {name}.log in the state directory, one JSON
 * object a line, appended with one write(2) each:
 *
 *	{"ts": "2026-03-12T14:23:01.456789", "tunnel": "state-hub",
 *	 "event": "bridge_connected", "actor": "agent.x",
 *	 "actor_class": "automation", "detail": "..."}
 *
 * ts is UTC. detail is a string, "" when there is nothing to add. Further keys
 * may follow. At 10 MiB a log becomes {name}.log.1, that one .2, and .3 is the
 * oldest kept.
 */
#ifndef TUNNEL_AUDIT_H
#define TUNNEL_AUDIT_H

#include "schema/bridge/bridge.h"
#include "tunnel/state/state_machine.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum {
	AUDIT_MAX_BYTES = 10 * 1024 * 1024,
	AUDIT_KEPT = 3,
	AUDIT_MAX_LINE = 64 * 1024,
};

/* "2026-03-12T14:23:01.456789" */
enum { AUDIT_TIME_SIZE = 27 };
void audit_log_time(char text[AUDIT_TIME_SIZE], const struct timespec *when);

struct audit_record {
	enum audit_event event;
	struct timespec when;
	const char *detail; /* or NULL */
	const char *reason; /* ssh_cause_name(), or NULL */
	long pid;           /* of ssh, or 0 */
};

/* The line with its newline; malloc'd. */
char *audit_log_line(
	const struct bridge *bridge, const struct audit_record *record);

/*
 * The same of the bridge that another line is about; malloc'd, NULL when that
 * is none.
 */
char *audit_log_line_after(const char *line, const struct audit_record *record);

/*
 * Append a line, rotating first when the file is full. A write that came
 * through only in part is taken back. False with errno set.
 */
bool audit_log_append(
	int directory, const char *name, const char *line, size_t length);

/* The last whole line of the log; a new reference, NULL when there is none. */
json_t *audit_log_last(int directory, const char *name);

/*
 * The last `count` lines, oldest first, as one malloc'd text; rotated files
 * are read as far as needed. NULL when there is no log at all. *end, when not
 * NULL, is the offset behind the last whole line of the newest file.
 */
char *audit_log_tail(
	int directory, const char *name, size_t count, size_t *end);

#endif
