#ifndef TUNNEL_SIGNALS_H
#define TUNNEL_SIGNALS_H

#include <stdbool.h>

/*
 * Between one program and the other nobody takes signals: those that end or
 * reap are held back from here on, and are there for who unblocks them. As
 * often as they are held they must be let go.
 */
void signals_hold(bool hold);

#endif
