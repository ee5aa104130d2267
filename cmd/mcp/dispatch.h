/*
 * From a line to a method: JSON-RPC 2.0, and of which era a request is.
 */
#ifndef CMD_MCP_DISPATCH_H
#define CMD_MCP_DISPATCH_H

#include "cmd/mcp/mcp.h"

/* One line of the client. Answers are written now, or later by a thread. */
void dispatch_line(struct session *session, const char *line, size_t length);

/* method.c: the row, or NULL. */
const struct method *method_find(const char *name);

/* It may wait for as long as bridges take. */
bool call_is_slow(const struct call *call);

/* The methods, one each. */
void method_initialize(struct call *call);
void method_ping(struct call *call);
void method_discover(struct call *call);
void method_set_level(struct call *call);
void method_tools_list(struct call *call);
void method_tools_call(struct call *call);
void method_resources_list(struct call *call);
void method_resources_templates(struct call *call);
void method_resources_read(struct call *call);
void method_subscribe(struct call *call);
void method_unsubscribe(struct call *call);
void method_listen(struct call *call);
void method_prompts_list(struct call *call);
void method_prompts_get(struct call *call);
void method_complete(struct call *call);

#endif
