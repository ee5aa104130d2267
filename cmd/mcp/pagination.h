/* Lists in pages, in a fixed order. */
#ifndef CMD_MCP_PAGINATION_H
#define CMD_MCP_PAGINATION_H

#include "cmd/mcp/call.h"

enum { PAGE_SIZE = 50 };

/*
 * Answer {key: the page of `list` that params.cursor names, nextCursor}; the
 * list is taken over. A cursor that is none of ours fails.
 */
void pagination_answer(struct call *call, const char *key, json_t *list);

#endif
