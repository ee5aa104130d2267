/*
 * Resources: one row each in resources.c. A row whose URI ends in a variable
 * is a template (RFC 6570, level 1).
 */
#ifndef CMD_MCP_RESOURCES_H
#define CMD_MCP_RESOURCES_H

#include "cmd/ui/options.h"

#include <jansson.h>

struct mcp_resource {
	const char *uri; /* "catalog://targets", "catalog://targets/{id}" */
	const char *name, *title, *description;
	enum exit_status (*answer)(const struct options *options,
		json_t **answer, struct diags *diags);
	json_t *(*names)(const struct options *options); /* of a template */
};

extern const struct mcp_resource mcp_resources[];
extern const size_t mcp_resource_count;

/*
 * The row that the URI is of, or NULL; *name is the variable's value, decoded,
 * malloc'd, or NULL.
 */
const struct mcp_resource *mcp_resource_find(const char *uri, char **name);

/* The URI as we write it ourselves; malloc'd, NULL when there is none such. */
char *mcp_resource_canonical(const char *uri);

#endif
