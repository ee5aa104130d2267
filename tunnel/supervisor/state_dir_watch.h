/*
 * The state directory's own life: somebody may remove it, or the socket in it,
 * while bridges run. Nobody could reach the supervisor any more, and the next
 * `bridge up` would start a second one whose ports the first one holds. So it
 * is made again, with what belongs there; and when another supervisor has been
 * faster, this one ends.
 */
#ifndef TUNNEL_HOME_H
#define TUNNEL_HOME_H

#include "tunnel/supervisor/supervisor.h"

struct home;

/* Watch it. NULL, which home_close() accepts, where that is not possible. */
struct home *home_open(struct supervisor *supervisor);
void home_close(struct home *home);

#endif
