/*
 * The long text of every rule: why it is there, and a catalog before and
 * after. `bridge catalog explain`, the SARIF report and the manual read it.
 */
#ifndef SCHEMA_EXPLAIN_H
#define SCHEMA_EXPLAIN_H

#include "schema/base/text.h"
#include "schema/diag/diag.h"

enum example_kind {
	EXAMPLE_END,   /* of a list of files */
	EXAMPLE_PART,  /* lines of a document that has others too */
	EXAMPLE_WHOLE, /* all lines of a document */
	EXAMPLE_PLACE, /* a document, whatever it says: its path matters */
	EXAMPLE_LINK,  /* a symbolic link */
};

struct example_file {
	enum example_kind kind;
	const char *path;  /* from the catalog's root, or "tunnels.yaml" */
	const char *lines; /* where a link leads; NULL for a place */
};

struct rule_explanation {
	const char *why;                  /* whole sentences */
	const struct example_file *wrong; /* to EXAMPLE_END; may be NULL */
	const struct example_file
		*right; /* the same, mended; NULL with wrong */
};

extern const struct rule_explanation rule_explanations[RULE_COUNT];

/* Lines without a newline behind the last: each file's path, then itself. */
void explain_example(struct text *out, const struct example_file *files);

/* Paragraphs: why, the advice, the example. */
void explain_text(struct text *out, enum rule rule);
void explain_markdown(struct text *out, enum rule rule);

#endif
