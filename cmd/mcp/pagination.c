#include "cmd/mcp/pagination.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A cursor is the place it continues at, and says so to nobody but us. */
static bool read_cursor(const char *cursor, size_t count, size_t *at)
{
	char again[32];

	*at = strtoul(cursor + (*cursor == 'p'), NULL, 16);
	snprintf(again, sizeof(again), "p%zx", *at);
	return !strcmp(again, cursor) && *at && *at < count &&
	       *at % PAGE_SIZE == 0;
}

void pagination_answer(struct call *call, const char *key, json_t *list)
{
	const json_t *cursor = json_object_get(call->params, "cursor");
	size_t count = json_array_size(list);
	size_t at = 0;
	json_t *page;

	if (cursor &&
		(!json_is_string(cursor) ||
			!read_cursor(json_string_value(cursor), count, &at))) {
		call_fail(call, MCP_INVALID_PARAMS, NULL,
			"cursor is none that this list has given");
		json_decref(list);
		return;
	}
	page = json_array();
	for (size_t i = at; i < count && i < at + PAGE_SIZE; i++)
		json_array_append(page, json_array_get(list, i));
	json_decref(list);
	call->result = json_pack("{s:o}", key, page);
	if (at + PAGE_SIZE < count) {
		char next[32];

		snprintf(next, sizeof(next), "p%zx", at + PAGE_SIZE);
		json_object_set_new(
			call->result, "nextCursor", json_string(next));
	}
}
