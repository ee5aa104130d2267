/*
 * Names there are right now, for completion: as far as they can be read
 * without complaint, in order.
 */
#ifndef CMD_CANDIDATES_H
#define CMD_CANDIDATES_H

#include "cmd/ui/options.h"
#include "schema/embedded.h"

#include <jansson.h>

/* Bridges that run, have run or are defined: an array of texts. */
json_t *candidates_bridges(const struct options *options);

/* Ids of the catalog's documents of a kind, from their places alone. */
json_t *candidates_ids(const struct options *options, enum document_kind kind);

/* Branches and tags of the catalog's repository. */
json_t *candidates_revisions(const struct options *options);

#endif
