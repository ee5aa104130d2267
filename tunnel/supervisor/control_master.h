/*
 * One ssh for the bridges of one way: same user, host, port, key, jumps and
 * pinned keys, and `share_connection`. ssh is a ControlMaster without forwards
 * of its own; forwards are added and removed over its socket
 * (tunnel/ssh/mux.h), each confirmed or refused for itself. The end of that
 * socket is the end of the connection, seen at once.
 *
 * The first tunnel starts it, the last one to leave ends it.
 */
#ifndef TUNNEL_MASTER_H
#define TUNNEL_MASTER_H

#include "tunnel/ssh/mux.h"
#include "tunnel/supervisor/supervisor.h"

struct master {
	struct master *next;
	struct supervisor *supervisor;
	struct bridge bridge; /* of the first tunnel: the way */
	char *key;            /* the same for the same way */
	char socket[32];      /* names in the state directory */
	char hosts[32];       /* "" without pinned keys */
	struct process *process;
	bool speaking;          /* the hellos are exchanged */
	bool ending;            /* nobody joins any more */
	struct tunnel *tunnels; /* all that are on it */
	struct orphan *orphans; /* stale_request.h */
	struct master_link *link;
};

/* The connection that the tunnel would join, or NULL. */
struct master *master_find(const struct tunnel *tunnel);

/*
 * Join it, or start one. NULL, or why it could not be started: malloc'd, and
 * *cause is set. attempt_confirmed() or attempt_ended() follows.
 */
char *master_join(struct tunnel *tunnel, enum ssh_cause *cause);

/*
 * Remove its forward, and end the connection with the last. attempt_ended()
 * follows; false when there was nothing to wait for.
 */
bool master_leave(struct tunnel *tunnel);

/*
 * What another program needs to go on with it in our place; a new reference,
 * NULL while an answer is outstanding. master_restore() makes it again, with
 * those of its tunnels that the supervisor has.
 */
json_t *master_save(const struct master *master);
void master_restore(struct supervisor *supervisor, const json_t *saved);

/* The descriptor of our end of its socket, or -1. */
int master_fd(const struct master *master);

/* For tunnel/ssh/mux_client.c: false when it does not speak our protocol. */
bool master_take(struct master *master, const struct mux_reply *reply);

/* For a forward that did not come to be: the way for its checks goes, too. */
void master_close_health(struct master *master, const struct bridge *bridge);

/* End the connection; nobody joins any more. */
void master_end(struct master *master);

#endif
