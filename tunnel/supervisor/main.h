/*
 * What bridge-supervisor does; each gives its exit status.
 */
#ifndef TUNNEL_MAIN_H
#define TUNNEL_MAIN_H

/*
 * Take the state directory's lock, listen, run. ready_fd (or -1) is told
 * "ready", "busy" or what is wrong.
 */
int main_start(const char *path, int ready_fd);

/* Go on with what another program has handed over (handover.h). */
int main_go_on(int handover_fd);

#endif
