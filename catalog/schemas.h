/*
 * The compiled schemas of the kinds of document: ours, and beside them what
 * an organisation adds in its catalog. Each is compiled when it is first
 * needed.
 */
#ifndef CATALOG_SCHEMAS_H
#define CATALOG_SCHEMAS_H

#include "schema/embedded.h"
#include "schema/jsonschema/jsonschema.h"

struct schemas {
	struct jsonschema_set set;
	struct arena arena;
	struct schemas_kind {
		const struct jsonschema *ours;
		const struct jsonschema *extra; /* or NULL */
		bool prepared;
	} of[DOCUMENT_KINDS];
};

#define SCHEMAS_INIT                                                           \
	{                                                                      \
		.set = JSONSCHEMA_SET_INIT, .arena = ARENA_INIT                \
	}

void schemas_release(struct schemas *schemas);

/*
 * Compile ours, and the organisation's when `extra` is not NULL; the source
 * must live as long. Doing it twice does nothing. False when the
 * organisation's schema is wrong; documents are then checked with ours alone.
 */
bool schemas_prepare(struct schemas *schemas, enum document_kind kind,
	const struct source *extra, struct diags *diags);

/* Several threads may do this at once after schemas_prepare(). */
bool schemas_validate(const struct schemas *schemas, enum document_kind kind,
	const struct node *root, struct diags *diags);

#endif
