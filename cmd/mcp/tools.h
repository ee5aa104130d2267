/*
 * Tools: one row each in tools.c, and one file each in tools/, which is what
 * tools/list says of it.
 */
#ifndef CMD_MCP_TOOLS_H
#define CMD_MCP_TOOLS_H

#include "cmd/ui/options.h"

#include <jansson.h>

struct tool {
	const char *name;
	enum exit_status (*answer)(const struct options *options,
		json_t **answer, struct diags *diags);
	unsigned is;      /* of enum tool_is */
	const char *hint; /* after a name that nothing has */

	/* The definition, as the file has it. */
	const char *bytes, *end;
};

enum tool_is {
	TOOL_WRITES = 1 << 0,  /* not there with --read-only */
	TOOL_SETTLES = 1 << 1, /* EXIT_NO with an answer: some are not up */
	TOOL_ORIGINS = 1 << 2, /* as with --origins */
	TOOL_JUDGES = 1 << 3,  /* EXIT_NO is an answer like any other */
};

extern const struct tool tools[];
extern const size_t tool_count;

/* The definition: borrowed, and never changed. */
const json_t *tool_definition(const struct tool *tool);

/*
 * What is wrong with the arguments, as the definition's inputSchema has it:
 * false with findings.
 */
bool tool_check(
	const struct tool *tool, const json_t *arguments, struct diags *diags);

#endif
