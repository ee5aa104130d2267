/*
 * The long text of every rule: why it is there, and a document before and
 * after. `bridge catalog explain`, the SARIF report and the manual read it.
 */
#ifndef SCHEMA_EXPLAIN_H
#define SCHEMA_EXPLAIN_H

#include "schema/diag.h"
#include "schema/text.h"

struct rule_explanation {
	const char *why;   /* whole sentences */
	const char *wrong; /* lines of a document or a command; may be NULL */
	const char *right; /* the same, mended; NULL with wrong */
};

extern const struct rule_explanation rule_explanations[RULE_COUNT];

/* Paragraphs: why, the advice, the example. */
void explain_text(struct text *out, enum rule rule);
void explain_markdown(struct text *out, enum rule rule);

#endif
