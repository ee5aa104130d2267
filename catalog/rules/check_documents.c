#include "catalog/rules/check_documents.h"

#include "catalog/resolve/field_values.h"
#include "catalog/store/catalog.h"
#include "catalog/store/document.h"
#include "catalog/store/reference.h"
#include "schema/bridge/bridge.h"

#include <string.h>

static void compare_key(const struct document *document, const char *key,
	const char *wanted, enum rule rule, struct diags *diags)
{
	const struct node *value = node_get(document->valid_part, key);
	const char *text = node_string(value);

	if (text && strcmp(text, wanted))
		diag_report(diags, &value->at, rule,
			"the %s is '%s' here, but the file '%s' makes it '%s'",
			key, text, document->path, wanted);
}

void check_id(struct catalog *catalog, const struct document *document,
	struct diags *diags)
{
	(void)catalog;
	if (document->kind != DOCUMENT_CATALOG)
		compare_key(
			document, "id", document->id, RULE_ID_MISMATCH, diags);
}

void check_type(struct catalog *catalog, const struct document *document,
	struct diags *diags)
{
	(void)catalog;
	compare_key(document, "type", document_kind_name(document->kind),
		RULE_TYPE_MISMATCH, diags);
}

/* What no JSON Schema can say: a range that ends before it begins. */
void check_expect_status(struct catalog *catalog,
	const struct document *document, struct diags *diags)
{
	const struct node *map = document->kind == DOCUMENT_CATALOG
					 ? node_get(document->valid_part,
						   "defaults")
					 : document->valid_part;
	const struct node *value = node_get(
		node_get(map, "health_check"), "expect_status");
	AUTO_FREE char *list = NULL;

	(void)catalog;
	if (!value || value->kind == NODE_NULL ||
		(document->kind != DOCUMENT_BRIDGE &&
			document->kind != DOCUMENT_CATALOG))
		return;
	list = field_values_expect_status(value);
	if (*list && !bridge_status_list_is_valid(list))
		diag_report(diags, &value->at, RULE_SCHEMA_RANGE,
			"'expect_status' is '%s', where a range ends before it "
			"begins",
			list);
}

void check_domain_is_there(struct catalog *catalog, struct diags *diags)
{
	const struct documents *domains = &catalog->of[DOCUMENT_DOMAIN];

	for (size_t i = 0; i < domains->count; i++) {
		struct origin at = document_origin(catalog, domains->list[i]);

		if (domains->list[i]->missing)
			diag_report(diags, &at, RULE_LAYOUT_NO_DOMAIN,
				"the folder of domain '%s' has no domain.yaml",
				domains->list[i]->id);
	}
}

/* Documents are in the order of their domains. */
static size_t first_of_domain(
	const struct documents *documents, const char *domain)
{
	size_t low = 0;
	size_t high = documents->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(documents->list[middle]->domain, domain) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool has_any(const struct documents *documents, const char *domain)
{
	size_t first = first_of_domain(documents, domain);

	return first < documents->count &&
	       !strcmp(documents->list[first]->domain, domain);
}

void check_domain_is_filled(struct catalog *catalog, struct diags *diags)
{
	const struct documents *domains = &catalog->of[DOCUMENT_DOMAIN];

	for (size_t i = 0; i < domains->count; i++) {
		const struct document *domain = domains->list[i];
		struct origin at = document_origin(catalog, domain);

		if (!domain->missing &&
			!has_any(&catalog->of[DOCUMENT_TARGET], domain->id) &&
			!has_any(&catalog->of[DOCUMENT_BRIDGE], domain->id))
			diag_report(diags, &at, RULE_DOMAIN_EMPTY,
				"domain '%s' has no target and no bridge",
				domain->id);
	}
}

/* Anything, where it could not be parsed or its schema misses the names. */
static bool may_name_more(const struct document *document)
{
	return !document->root ||
	       (document->kind == DOCUMENT_BRIDGE && !document->valid &&
		       (!document->target || !document->actor));
}

static bool all_names_are_known(
	const struct catalog *catalog, enum document_kind kind)
{
	for (size_t i = 0; i < catalog->of[kind].count; i++)
		if (may_name_more(catalog->of[kind].list[i]))
			return false;
	return true;
}

static void check_used(struct catalog *catalog, enum document_kind kind,
	enum rule rule, struct diags *diags)
{
	if (!all_names_are_known(catalog, DOCUMENT_BRIDGE) ||
		!all_names_are_known(catalog, DOCUMENT_TARGET))
		return;
	for (size_t i = 0; i < catalog->of[kind].count; i++) {
		const struct document *document = catalog->of[kind].list[i];

		if (document->valid && !document->references)
			diag_report(diags, &document->root->at, rule,
				"no bridge names the %s '%s'",
				document_kind_name(kind), document->id);
	}
}

void check_target_is_used(struct catalog *catalog, struct diags *diags)
{
	check_used(catalog, DOCUMENT_TARGET, RULE_UNUSED_TARGET, diags);
}

void check_actor_is_used(struct catalog *catalog, struct diags *diags)
{
	check_used(catalog, DOCUMENT_ACTOR, RULE_UNUSED_ACTOR, diags);
}
