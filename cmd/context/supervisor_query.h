/*
 * What there is to be asked about bridges that run or have run: the
 * supervisor's word where there is one, else the state directory's.
 */
#ifndef CMD_RUNNING_H
#define CMD_RUNNING_H

#include "tunnel/control/client.h"

struct running {
	struct client client; /* fd is -1 when no supervisor runs */
	json_t *bridges;      /* array of status objects, by name */

	/* Before running_open(): running_for() sets them. */
	char *const *only; /* borrowed: ask for these alone */
	size_t only_count; /* 0: all */
	int cancel_fd;     /* of struct client */
};

#define RUNNING_INIT                                                           \
	{                                                                      \
		.client = CLIENT_INIT, .cancel_fd = -1                         \
	}

void running_release(struct running *running);

/* Those that are named as arguments, as long as somebody waits. */
struct options;
void running_for(struct running *running, const struct options *options);

enum running_what {
	RUNNING_LIVE = 0,
	RUNNING_LEFTOVERS = 1 << 0,   /* also what stopped, but left a state */
	RUNNING_BRIEF = 1 << 1,       /* no more than a table shows */
	RUNNING_DEFINITIONS = 1 << 2, /* with "definition", as it runs */
};

/* Ask; `what` is of enum running_what. */
bool running_open(struct running *running, unsigned what, struct diags *diags);

/*
 * Each of them in the order of their names, leftovers and live ones, brief,
 * over a client that is connected (or has found no supervisor):
 * `running->bridges` stays as it is.
 */
bool running_each(struct running *running,
	void (*take)(const json_t *status, void *data), void *data,
	struct diags *diags);

/* Ask once more, over the same connection. */
bool running_ask(struct running *running, unsigned what, struct diags *diags);

/*
 * Say so, once, when the supervisor is of an older version than this program.
 */
void running_note_older(const struct client *client);

/* Borrowed; NULL when there is none by that name. */
json_t *running_find(const struct running *running, const char *name);

/* Is it the supervisor's, that is, not only a leftover? */
bool running_is_live(const json_t *status);

/*
 * Names for did-you-mean: what runs or has run, and what is configured, as
 * far as that can be read without complaint. Asks for all first where only
 * some were asked for. Free with names_free().
 */
char **running_names(const struct running *running,
	const struct options *options, size_t *count);

#endif
