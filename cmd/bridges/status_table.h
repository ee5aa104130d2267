/*
 * The table of `bridge status`.
 */
#ifndef CMD_STATUS_TABLE_H
#define CMD_STATUS_TABLE_H

#include "cmd/ui/table.h"

#include <jansson.h>

enum { STATUS_STATES = 7 };

struct status_table {
	struct table table;
	size_t bridges;
	size_t in_state[STATUS_STATES];
};

#define STATUS_TABLE_INIT                                                      \
	{                                                                      \
		.table = TABLE_INIT                                            \
	}

void status_table_release(struct status_table *table);

/*
 * On a terminal the last event is told with its age; elsewhere, where it may
 * be kept, with its time.
 */
void status_table_begin(struct status_table *table);

/* A status object; `table` is a struct status_table, as supervisor_query_each()
 * has it.
 */
void status_table_take(const json_t *status, void *table);

/* "12 bridges: 10 connected, 2 failed" */
void status_table_sum(const struct status_table *table, struct text *text);

/* A table of an array of status objects on stdout. */
void status_table_print(const json_t *bridges);

#endif
