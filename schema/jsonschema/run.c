/*
 * A whole validation: the evaluation, and what is told of it at its end.
 */
#include "schema/jsonschema/evaluation.h"

#include <stdlib.h>

static bool report_limit(struct run *run)
{
	const struct limit *limit = &run->limit;

	if (limit->hard)
		diag_error(run->diags, &limit->at, RULE_SCHEMA_FORMAT,
			"this takes the pattern '%.80s' too long to match",
			regex_text(limit->hard));
	else
		diag_error(run->diags, &limit->at, RULE_SCHEMA_CONSTRAINT,
			"the schema refers to itself too deeply here, or takes "
			"too long");
	diag_locate(run->diags, limit->instance, limit->keyword);
	return false;
}

/* The first findings of a document tell enough. */
static void report_more(struct run *run, const struct node *document)
{
	size_t errors = run->diags->errors;

	run->more += diags_shorten(run->diags, run->base + MAX_FINDINGS);
	if (!run->more)
		return;
	run->more_errors |= run->diags->errors < errors;
	if (run->more_errors)
		diag_error(run->diags, &document->at, RULE_SCHEMA_CONSTRAINT,
			"and %zu more findings in this document", run->more);
	else
		diag_report(run->diags, &document->at, RULE_SCHEMA_UNKNOWN_KEY,
			"and %zu more findings in this document", run->more);
}

bool jsonschema_validate(const struct jsonschema *schema,
	const struct node *document, struct diags *diags)
{
	struct run run = {.diags = diags,
		.regex_budget = REGEX_BUDGET,
		.base = diags ? diags->count : 0};
	const struct instance instance = {.node = document};
	bool fine = evaluate(&run, schema, &instance, NULL);

	if (diags && !run.exhausted)
		typo_explain_all(&run, schema, document);
	if (diags && diags->count >= run.base + MAX_FINDINGS)
		report_more(&run, document);
	if (run.exhausted && diags)
		report_limit(&run);
	free(run.limit.instance);
	free(run.limit.keyword);
	return fine && !run.exhausted;
}

bool jsonschema_matches(
	const struct jsonschema *schema, const struct node *document)
{
	return jsonschema_validate(schema, document, NULL);
}
