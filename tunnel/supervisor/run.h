#ifndef TUNNEL_RUN_H
#define TUNNEL_RUN_H

#include "tunnel/supervisor/internal.h"

/*
 * Run the supervisor until its last bridge is gone. ready_fd (or -1) is told
 * "ready\n" and closed as soon as requests are answered. `handover` is what
 * another program has left for this one (handover.h), or NULL. An exit status.
 */
int run_supervisor(const struct supervisor_files *files, int ready_fd,
	const json_t *handover);

#endif
