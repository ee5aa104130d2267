/*
 * What a path says of the definition that lies at it.
 */
#ifndef CATALOG_PLACE_H
#define CATALOG_PLACE_H

#include "schema/embedded.h"

#include <stdbool.h>
#include <stddef.h>

struct place {
	enum document_kind kind; /* a domain, target, bridge or actor */
	const char *domain, *id; /* inside the path; the domain may be NULL */
	size_t domain_length, id_length;
	const char *root;   /* the catalog's, in front of the rest: "ops/" */
	size_t root_length; /* of it */
};

/*
 * The path counts from the repository's root, and the catalog's root may be
 * any folder. False for a path that no definition has.
 */
bool place_of(struct place *place, const char *path);

/* Of the same kind, with the same id. */
bool place_has_id(const struct place *place, enum document_kind kind,
	const char *id, size_t length);

/* Of the same catalog; a repository can hold several. */
bool place_has_root(const struct place *place, const char *root, size_t length);

#endif
