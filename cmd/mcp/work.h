/*
 * Threads for what has to wait: started when they are needed, a fixed number
 * at most, and a bounded queue before them.
 */
#ifndef CMD_MCP_WORK_H
#define CMD_MCP_WORK_H

#include "cmd/mcp/mcp.h"

enum { WORK_THREADS = 16, WORK_QUEUE = 256 };

/* Run it in a thread, and finish it there; false when too many wait. */
bool work_start(struct call *call);

/* Wait until nothing runs; false when that takes longer. */
bool work_drain(unsigned milliseconds);

#endif
