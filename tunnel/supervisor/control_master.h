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

#include "tunnel/supervisor/internal.h"

/* The connection that the tunnel would join, or NULL. */
struct control_master *control_master_find(const struct tunnel *tunnel);

/*
 * Join it, or start one. NULL, or why it could not be started: malloc'd, and
 * *cause is set. How it goes is told to the attempt_handler.
 */
char *control_master_join(struct tunnel *tunnel, enum ssh_cause *cause);

/*
 * Remove its forward, and end the connection with the last. The handler is
 * told when that is done; false when there was nothing to wait for.
 */
bool control_master_leave(struct tunnel *tunnel);

/*
 * What another program needs to go on with it in our place; a new reference,
 * NULL while an answer is outstanding. control_master_restore() makes it again,
 * with those of its tunnels that the supervisor has.
 */
json_t *control_master_save(const struct control_master *master);
void control_master_restore(struct supervisor *supervisor, const json_t *saved);

/* The descriptor of our end of its socket, or -1. */
int control_master_fd(const struct control_master *master);

#endif
