/*
 * What there is to be asked about bridges that run or have run: the
 * supervisor's word where there is one, else the state directory's.
 */
#ifndef CMD_SUPERVISOR_QUERY_H
#define CMD_SUPERVISOR_QUERY_H

#include "tunnel/control/client.h"

struct supervisor_query {
	struct client client; /* fd is -1 when no supervisor runs */
	json_t *bridges;      /* array of status objects, by name */

	/* Before supervisor_query_open(): supervisor_query_for() sets them. */
	char *const *only; /* borrowed: ask for these alone */
	size_t only_count; /* 0: all */
	int cancel_fd;     /* of struct client */
};

#define SUPERVISOR_QUERY_INIT                                                  \
	{                                                                      \
		.client = CLIENT_INIT, .cancel_fd = -1                         \
	}

void supervisor_query_release(struct supervisor_query *query);

/* Those that are named as arguments, as long as somebody waits. */
struct options;
void supervisor_query_for(
	struct supervisor_query *query, const struct options *options);

enum supervisor_query_what {
	QUERY_LIVE = 0,
	QUERY_LEFTOVERS = 1 << 0,   /* also what stopped, but left a state */
	QUERY_BRIEF = 1 << 1,       /* no more than a table shows */
	QUERY_DEFINITIONS = 1 << 2, /* with "definition", as it runs */
};

/* Ask; `what` is of enum supervisor_query_what. */
bool supervisor_query_open(
	struct supervisor_query *query, unsigned what, struct diags *diags);

/*
 * Each of them in the order of their names, leftovers and live ones, brief,
 * over a client that is connected (or has found no supervisor):
 * `running->bridges` stays as it is.
 */
bool supervisor_query_each(struct supervisor_query *query,
	void (*take)(const json_t *status, void *data), void *data,
	struct diags *diags);

/* Ask once more, over the same connection. */
bool supervisor_query_ask(
	struct supervisor_query *query, unsigned what, struct diags *diags);

/*
 * Say so, once, when the supervisor is of an older version than this program.
 */
void supervisor_query_note_older(const struct client *client);

/* Borrowed; NULL when there is none by that name. */
json_t *supervisor_query_find(
	const struct supervisor_query *query, const char *name);

/* Is it the supervisor's, that is, not only a leftover? */
bool supervisor_query_is_live(const json_t *status);

/*
 * Names for did-you-mean: what runs or has run, and what is configured, as
 * far as that can be read without complaint. Asks for all first where only
 * some were asked for. Free with bridge_names_free().
 */
char **supervisor_query_names(const struct supervisor_query *query,
	const struct options *options, size_t *count);

#endif
