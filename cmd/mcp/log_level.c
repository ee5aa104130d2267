#include "cmd/mcp/log_level.h"

#include "schema/base/alloc.h"

#include <string.h>

static const char *const levels[] = {"debug", "info", "notice", "warning",
	"error", "critical", "alert", "emergency"};

enum { INFO = 1, WARNING = 3, ERROR = 4 };

int log_level_find(const char *name)
{
	for (size_t i = 0; i < COUNT(levels); i++)
		if (!strcmp(levels[i], name))
			return (int)i;
	return -1;
}

const char *log_level_name(int level)
{
	return levels[level];
}

int log_level_of_event(const char *event)
{
	static const struct {
		const char *event;
		int level;
	} rows[] = {
		{"bridge_failed", ERROR},
		{"bridge_disconnected", WARNING},
		{"bridge_reconnecting", WARNING},
		{"health_check_failed", WARNING},
		{"hook_failed", WARNING},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (!strcmp(rows[i].event, event))
			return rows[i].level;
	return INFO;
}
