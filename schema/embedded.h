/*
 * The JSON Schemas of schema/, inside the binary: one per kind of document.
 * They are the same bytes that `bridge catalog schema KIND` prints.
 */
#ifndef SCHEMA_EMBEDDED_H
#define SCHEMA_EMBEDDED_H

#include "schema/diag/diag.h"

enum document_kind {
	DOCUMENT_CATALOG,
	DOCUMENT_DOMAIN,
	DOCUMENT_TARGET,
	DOCUMENT_BRIDGE,
	DOCUMENT_ACTOR,
	DOCUMENT_TUNNELS,
	DOCUMENT_KINDS
};

/* "catalog", "domain", ... as in the schemas' file names. */
const char *document_kind_name(enum document_kind kind);

/* Static; path is "domain.schema.json" and so on. */
const struct source *embedded_schema(enum document_kind kind);

#endif
