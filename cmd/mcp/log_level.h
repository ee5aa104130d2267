/*
 * notifications/message of the legacy era: bridges' events, for clients that
 * have asked for them with logging/setLevel. RFC 5424's severities, reversed.
 */
#ifndef CMD_MCP_LOG_LEVEL_H
#define CMD_MCP_LOG_LEVEL_H

/* "debug" is 0; -1 when it is none. */
int log_level_find(const char *name);
const char *log_level_name(int level);

/* How much an audit event weighs. */
int log_level_of_event(const char *event);

#endif
