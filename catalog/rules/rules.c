#include "catalog/rules/rules.h"

#include "catalog/document/secrets.h"
#include "catalog/rules/check_documents.h"
#include "catalog/rules/check_ports.h"
#include "catalog/rules/check_references.h"
#include "catalog/store/reference.h"

typedef void check_document(struct catalog *catalog,
	const struct document *document, struct diags *diags);
typedef void check_catalog(struct catalog *catalog, struct diags *diags);

static const struct check {
	enum rule rule;
	check_document *one; /* of each document that parsed */
	check_catalog *all;
} checks[] = {
	{RULE_LAYOUT_NO_DOMAIN, .all = check_domain_is_there},
	{RULE_DOMAIN_EMPTY, .all = check_domain_is_filled},
	{RULE_HEALTH_REMOTE_PORT, .one = check_health_port},
	{RULE_SCHEMA_RANGE, .one = check_expect_status},
	{RULE_ID_MISMATCH, .one = check_id},
	{RULE_PORT_CLASH, .all = check_port_clash},
	{RULE_PROXY_JUMP_CYCLE, .all = check_jump_cycle},
	{RULE_REFERENCE_ACTOR, .one = check_actor_reference},
	{RULE_REFERENCE_LOCAL_ACTOR, .one = check_local_actor,
		.all = check_actors_are_local},
	{RULE_REFERENCE_PROXY_JUMP, .one = check_jump_reference},
	{RULE_REFERENCE_TARGET, .one = check_target_reference},
	{RULE_TYPE_MISMATCH, .one = check_type},
	{RULE_UNUSED_ACTOR, .all = check_actor_is_used},
	{RULE_UNUSED_TARGET, .all = check_target_is_used},
};

static bool is_off(const struct diags *diags, enum rule rule)
{
	return diags->customised && diags->severity[rule] == SEVERITY_OFF;
}

/*
 * All checks of one document come together, while it is in the processor's
 * cache. Secrets also count where the schema found mistakes.
 */
static void check_one(struct catalog *catalog, struct document *document,
	const bool *off, struct diags *diags)
{
	const struct node *map = document->kind == DOCUMENT_CATALOG
					 ? node_get(document->root, "defaults")
					 : document->root;

	reference_link(catalog, document, map);
	if (!document->digested && !is_off(diags, RULE_SECRET))
		secrets_check(document->root, diags);
	for (size_t i = 0; document->valid_part && i < COUNT(checks); i++)
		if (checks[i].one && !off[i])
			checks[i].one(catalog, document, diags);
}

bool rules_check(struct catalog *catalog, struct diags *diags)
{
	size_t errors = diags->errors;
	bool off[COUNT(checks)];

	for (size_t i = 0; i < COUNT(checks); i++)
		off[i] = is_off(diags, checks[i].rule);
	for (size_t kind = 0; kind < DOCUMENT_KINDS; kind++)
		for (size_t i = 0; i < catalog->of[kind].count; i++)
			catalog->of[kind].list[i]->references = 0;
	for (size_t kind = 0; kind < DOCUMENT_KINDS; kind++)
		for (size_t i = 0; i < catalog->of[kind].count; i++)
			check_one(
				catalog, catalog->of[kind].list[i], off, diags);
	for (size_t i = 0; i < COUNT(checks); i++)
		if (checks[i].all && !off[i])
			checks[i].all(catalog, diags);
	return diags->errors == errors;
}
