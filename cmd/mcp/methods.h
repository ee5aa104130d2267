/*
 * The methods, as their rows in method_table.c name them.
 */
#ifndef CMD_MCP_METHODS_H
#define CMD_MCP_METHODS_H

#include "cmd/mcp/call.h"

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
