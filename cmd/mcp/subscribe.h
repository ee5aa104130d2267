/*
 * Who wants to know what: legacy subscriptions and log levels, modern streams;
 * and the thread that hears of it.
 */
#ifndef CMD_MCP_SUBSCRIBE_H
#define CMD_MCP_SUBSCRIBE_H

#include "cmd/mcp/mcp.h"

/* Say to all who asked that what a URI that begins so names may have changed.
 */
void subscribe_tell_all(struct session *session, const char *prefix);

/* An event of the supervisor, as its control protocol has it. */
void subscribe_tell_event(struct session *session, const json_t *event);

/* watcher.c: hear of everything from now on; once is enough. */
void watcher_start(struct session *session);

/* A call begins, or ends, that may start a supervisor. */
void watcher_expect(bool begins);

#endif
