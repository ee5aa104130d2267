/*
 * A JSON document made fit for the YAML parser, which alone knows the places
 * of what it reads. JSON is YAML (YAML 1.2.2, section 1.3) but for what is
 * cared for here.
 */
#ifndef CATALOG_JSON_SOURCE_H
#define CATALOG_JSON_SOURCE_H

#include "schema/base/arena.h"
#include "schema/diag/diag.h"

/* Does the name say that the document is JSON? */
bool json_source_is_json(const struct source *source);

/*
 * The source to parse; NULL after an error, when it is no JSON as RFC 8259 has
 * it: YAML would take a trailing comma or a comment. Pairs of surrogates, in
 * which programs write what is beyond U+FFFF, become one escape.
 */
const struct source *json_source_make(
	struct arena *arena, const struct source *source, struct diags *diags);

#endif
