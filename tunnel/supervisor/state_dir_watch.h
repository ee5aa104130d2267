/*
 * The state directory's own life: somebody may remove it, or the socket in it,
 * while bridges run. Nobody could reach the supervisor any more, and the next
 * `bridge up` would start a second one whose ports the first one holds. So it
 * is made again, with what belongs there; and when another supervisor has been
 * faster, this one ends.
 */
#ifndef TUNNEL_HOME_H
#define TUNNEL_HOME_H

#include "tunnel/supervisor/internal.h"

struct state_dir_watch;

/* Watch it. NULL, which state_dir_watch_close() accepts, where that is not
 * possible. */
struct state_dir_watch *state_dir_watch_open(struct supervisor *supervisor);
void state_dir_watch_close(struct state_dir_watch *home);

#endif
