/*
 * JSON Schema, draft 2020-12 (core and validation): compile once, validate
 * many. The validator works on document trees, so every finding carries the
 * line and column of the key or value it is about.
 *
 *	AUTO(jsonschema_set) set = JSONSCHEMA_SET_INIT;
 *	struct jsonschema *schema = jsonschema_compile(&set, root, diags);
 *	if (schema && !jsonschema_validate(schema, document, diags))
 *		...
 *
 * All vocabularies of the draft are implemented; content* are annotations, and
 * so is `format`, as the draft has it by default, unless the set asserts
 * formats or a metaschema names the format-assertion vocabulary. $ref never
 * reaches the network: documents that may be referred to are added to the set
 * first.
 *
 * Findings: one per mistake, the rule by the keyword (type -> schema/type,
 * required -> schema/required, minimum ... -> schema/range, and so on). A
 * failed anyOf or oneOf is reported by the branch that fits best.
 * At most 100 are told of a document, then how many more there are.
 * Each names the value and the keyword, see diag_locate().
 *
 * x-message beside a `pattern` or `format` says what the value must be, and
 * ends the message: "'id' is 'x y', not <x-message>". In a schema without
 * these it is the whole message for what other keywords find wrong, but for a
 * wrong type and for missing and unknown keys.
 *
 * `additionalProperties: false` and `unevaluatedProperties: false` report
 * schema/unknown-key, at the key, with the nearest known key.
 */
#ifndef SCHEMA_JSONSCHEMA_H
#define SCHEMA_JSONSCHEMA_H

#include "schema/yaml/node.h"

struct jsonschema;
struct regex;
struct jsonschema_resource;

/*
 * Owns the compiled schemas and what they share. Compiling changes it;
 * validating does not, so a finished set may be used by several threads.
 */
struct jsonschema_set {
	struct arena arena;
	struct jsonschema_resource *resources;
	/* Of what is compiled from now on: */
	bool formats;          /* assert them */
	bool cite;             /* end findings in " (bridge.schema.yaml:12)" */
	void *memo;            /* schemas by node */
	struct regex *regexes; /* compiled patterns to free */
};

#define JSONSCHEMA_SET_INIT                                                    \
	{                                                                      \
		.arena = ARENA_INIT                                            \
	}

void jsonschema_set_release(struct jsonschema_set *set);

/*
 * Make a document known under a URI for $ref. The tree must outlive the set.
 */
void jsonschema_set_add(
	struct jsonschema_set *set, const char *uri, const struct node *root);

/*
 * Compile a schema document (a map or a boolean). NULL after an error: the
 * schema's own mistakes are schema/invalid at the schema's own line.
 * The tree must outlive the set. `uri` may be NULL.
 */
struct jsonschema *jsonschema_compile(struct jsonschema_set *set,
	const char *uri, const struct node *root, struct diags *diags);

/* True when the document is valid (warnings do not make it invalid). */
bool jsonschema_validate(const struct jsonschema *schema,
	const struct node *document, struct diags *diags);

/*
 * The same answer without findings: stops at the first failure, and an
 * unknown key is one.
 */
bool jsonschema_matches(
	const struct jsonschema *schema, const struct node *document);

#endif
