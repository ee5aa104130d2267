/*
 * Threads for what has to wait: started when they are needed, a fixed number
 * at most of each kind, and a bounded queue before them.
 */
#ifndef CMD_MCP_WORKERS_H
#define CMD_MCP_WORKERS_H

#include "cmd/mcp/call.h"

enum { WORKERS_MAX = 16, WORKERS_QUEUE = 256 };

/*
 * Run it in a thread, and finish it there; false when too many wait. What is
 * slow may wait for minutes, and has threads of its own.
 */
bool workers_start(struct call *call, bool slow);

/* Take it out of the queue, if it is there still: it is the caller's again. */
bool workers_forget(const struct call *call);

/* Wait until nothing runs; false when that takes longer. */
bool workers_drain(unsigned milliseconds);

#endif
