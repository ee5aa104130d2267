/*
 * proxy_jump, from what a document says to what ssh is given.
 */
#ifndef CATALOG_PROXY_JUMP_H
#define CATALOG_PROXY_JUMP_H

#include "catalog/store/types.h"

#include <jansson.h>

/* New references; end with proxy_jump_release(). */
struct proxy_jump {
	json_t *hosts;     /* "[user@]host[:port]" */
	json_t *host_keys; /* as in jump_host_keys */
	json_t *ssh_keys;  /* as in jump_ssh_keys */
};

#define PROXY_JUMP_INIT                                                        \
	{                                                                      \
		.hosts = NULL                                                  \
	}

/*
 * Entries that are ids of targets are replaced by what those targets say; the
 * first target's own jump hosts come before it, as there is no other way to
 * reach it. `catalog` may be NULL. False after an error.
 */
bool proxy_jump_resolve(struct proxy_jump *jumps, struct catalog *catalog,
	const struct node *value, struct diags *diags);

void proxy_jump_release(struct proxy_jump *jumps);

#endif
