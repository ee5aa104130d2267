/*
 * One ssh for the bridges of one way: same user, host, port, key, jumps and
 * pinned keys, and `share_connection`. ssh is a ControlMaster without forwards
 * of its own; forwards are added and removed over its socket (mux.h), each
 * confirmed or refused for itself. The end of that socket is the end of the
 * connection, seen at once.
 *
 * The first tunnel starts it, the last one to leave ends it.
 */
#ifndef TUNNEL_MASTER_H
#define TUNNEL_MASTER_H

#include "tunnel/supervisor.h"

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

#endif
