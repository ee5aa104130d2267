/*
 * The table of `bridge status`, and its --watch.
 */
#ifndef CMD_STATUS_H
#define CMD_STATUS_H

#include "cmd/context/supervisor_query.h"
#include "cmd/ui/options.h"
#include "cmd/ui/table.h"

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

/* A status object; `table` is a struct status_table, as running_each() has it.
 */
void status_table_take(const json_t *status, void *table);

/* "12 bridges: 10 connected, 2 failed" */
void status_table_sum(const struct status_table *table, struct text *text);

/*
 * Those that are named, of what runs, has run or is defined, an array. False
 * when a name is of no bridge.
 */
bool status_choose(json_t **chosen, const struct running *running,
	const struct options *options, struct diags *diags);

/* A table of them on stdout. */
void status_print(const json_t *bridges);

/*
 * Show them on the whole terminal until q is typed. EXIT_NO when a name is of
 * no bridge, EXIT_UNABLE when the terminal cannot be used.
 */
enum exit_status status_watch(
	const struct options *options, struct diags *diags);

#endif
