/*
 * What subscribers are told: by URI to all who asked for it, and bridges'
 * events to a legacy session that has set a log level.
 */
#ifndef CMD_MCP_NOTIFICATIONS_H
#define CMD_MCP_NOTIFICATIONS_H

#include "cmd/mcp/session.h"

/* Say to all who asked that what a URI that begins so names may have changed.
 */
void notifications_tell_all(struct session *session, const char *prefix);

/* An event of the supervisor, as its control protocol has it. */
void notifications_tell_event(struct session *session, const json_t *event);

#endif
