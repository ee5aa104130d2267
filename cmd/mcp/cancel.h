/*
 * A client does not want an answer any more.
 */
#ifndef CMD_MCP_CANCEL_H
#define CMD_MCP_CANCEL_H

#include "cmd/mcp/session.h"

/* Nothing more will be said for this id. */
void cancel_call(struct session *session, const json_t *id);

#endif
