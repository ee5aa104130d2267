/*
 * proxy_jump, from what a document says to what ssh is given.
 */
#ifndef CATALOG_JUMPS_H
#define CATALOG_JUMPS_H

#include "catalog/store/catalog.h"

#include <jansson.h>

/* New references; end with jumps_release(). */
struct jumps {
	json_t *hosts;     /* "[user@]host[:port]" */
	json_t *host_keys; /* as in jump_host_keys */
	json_t *ssh_keys;  /* as in jump_ssh_keys */
};

#define JUMPS_INIT                                                             \
	{                                                                      \
		.hosts = NULL                                                  \
	}

/*
 * Entries that are ids of targets are replaced by what those targets say; the
 * first target's own jump hosts come before it, as there is no other way to
 * reach it. `catalog` may be NULL. False after an error.
 */
bool jumps_resolve(struct jumps *jumps, struct catalog *catalog,
	const struct node *value, struct diags *diags);

void jumps_release(struct jumps *jumps);

#endif
