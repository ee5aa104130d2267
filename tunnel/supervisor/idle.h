#ifndef TUNNEL_IDLE_H
#define TUNNEL_IDLE_H

#include "tunnel/supervisor/internal.h"

/* End when there is no bridge, no hook, and nobody who wants us to stay. */
void idle_end(struct supervisor *supervisor);

#endif
