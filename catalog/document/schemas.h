/*
 * The compiled schemas of the kinds of document: ours, and beside them what
 * an organisation adds in its catalog. Each is compiled when it is first
 * needed. A document must be valid by both: an organisation's schema can add
 * constraints and never take one of ours away. Its formats are asserted, and
 * its findings name it.
 */
#ifndef CATALOG_SCHEMAS_H
#define CATALOG_SCHEMAS_H

#include "catalog/git/revision.h"
#include "schema/embedded.h"
#include "schema/jsonschema/jsonschema.h"

struct schemas {
	struct jsonschema_set set;
	struct arena arena;
	bool read; /* custom_schemas_read() has been here */
	struct schemas_kind {
		const struct jsonschema *ours;
		const struct jsonschema *extra; /* or NULL */
		const struct node *root;        /* of the extra one */
		const char *uri;                /* of the extra one, or NULL */
		struct diags found;             /* while reading that */
		struct revision_entry entry;    /* of the extra one */
		bool prepared;
	} of[DOCUMENT_KINDS];
};

#define SCHEMAS_INIT                                                           \
	{                                                                      \
		.set = JSONSCHEMA_SET_INIT, .arena = ARENA_INIT                \
	}

void schemas_release(struct schemas *schemas);

/*
 * The organisation's own schema of a kind, so that others can refer to it by
 * the URI, and it to others. The source must live as long. What is wrong with
 * it is kept until its kind is prepared; `like` says what rules weigh.
 */
void schemas_add(struct schemas *schemas, enum document_kind kind,
	const char *uri, const struct source *source, const struct diags *like);

bool schemas_has_extra(const struct schemas *schemas, enum document_kind kind);

/*
 * Compile ours, and the organisation's where there is one; add all of these
 * first. Doing it twice does nothing. False when the organisation's schema is
 * wrong; documents are then checked with ours alone.
 */
bool schemas_prepare(
	struct schemas *schemas, enum document_kind kind, struct diags *diags);

/*
 * Several threads may do this at once after schemas_prepare(). One message per
 * mistake: of what both schemas find in the same way ours tells, and what the
 * parser found ambiguous is not told where the value is wrong. `diags` ends in
 * what yaml_parse() has said of the document.
 */
bool schemas_validate(const struct schemas *schemas, enum document_kind kind,
	const struct node *root, struct diags *diags);

#endif
