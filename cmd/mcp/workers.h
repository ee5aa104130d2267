/*
 * Threads for what has to wait: started when they are needed, a fixed number
 * at most of each kind, and a bounded queue before them.
 */
#ifndef CMD_MCP_WORK_H
#define CMD_MCP_WORK_H

#include "cmd/mcp/mcp.h"

enum { WORK_THREADS = 16, WORK_QUEUE = 256 };

/*
 * Run it in a thread, and finish it there; false when too many wait. What is
 * slow may wait for minutes, and has threads of its own.
 */
bool work_start(struct call *call, bool slow);

/* Take it out of the queue, if it is there still: it is the caller's again. */
bool work_forget(const struct call *call);

/* Wait until nothing runs; false when that takes longer. */
bool work_drain(unsigned milliseconds);

#endif
