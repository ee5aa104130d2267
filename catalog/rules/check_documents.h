/*
 * Rules about one document and its place. The catalog is listed and read, here
 * and in the other checks; they look at what is sound of a document: a value
 * that its schema rejects makes one finding, and hides none.
 */
#ifndef CATALOG_CHECK_DOCUMENTS_H
#define CATALOG_CHECK_DOCUMENTS_H

#include "catalog/store/types.h"

/* About one document. */
void check_id(struct catalog *catalog, const struct document *document,
	struct diags *diags);
void check_type(struct catalog *catalog, const struct document *document,
	struct diags *diags);
void check_expect_status(struct catalog *catalog,
	const struct document *document, struct diags *diags);

/* About the whole. */
void check_domain_is_there(struct catalog *catalog, struct diags *diags);
void check_domain_is_filled(struct catalog *catalog, struct diags *diags);
void check_target_is_used(struct catalog *catalog, struct diags *diags);
void check_actor_is_used(struct catalog *catalog, struct diags *diags);

#endif
