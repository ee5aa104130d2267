#include "cmd/catalog.h"
#include "cmd/command.h"
#include "cmd/output.h"
#include "schema/node_json.h"

#include <string.h>

static size_t count_in(const struct documents *documents, const char *domain)
{
	size_t count = 0;

	for (size_t i = 0; i < documents->count; i++)
		count += documents->list[i]->domain &&
			 !strcmp(documents->list[i]->domain, domain);
	return count;
}

static json_t *ids_in(const struct documents *documents, const char *domain)
{
	json_t *list = json_array();

	for (size_t i = 0; i < documents->count; i++)
		if (documents->list[i]->domain &&
			!strcmp(documents->list[i]->domain, domain))
			json_array_append_new(
				list, json_string(documents->list[i]->id));
	return list;
}

static const char *text_of(const struct document *document, const char *key)
{
	return node_string(node_get(document->root, key));
}

static void copy_text(
	json_t *json, const struct document *document, const char *key)
{
	const struct node *node = node_get(document->root, key);

	json_object_set_new(json, key, node ? node_to_json(node) : json_null());
}

static json_t *domain_json(
	const struct catalog *catalog, const struct document *document)
{
	json_t *json = json_object();

	json_object_set_new(json, "id", json_string(document->id));
	copy_text(json, document, "name");
	copy_text(json, document, "description");
	copy_text(json, document, "environment");
	copy_text(json, document, "owner");
	json_object_set_new(json, "targets",
		ids_in(&catalog->of[DOCUMENT_TARGET], document->id));
	json_object_set_new(json, "bridges",
		ids_in(&catalog->of[DOCUMENT_BRIDGE], document->id));
	return json;
}

static void print_table(const struct catalog *catalog)
{
	static const char *const head[] = {
		"DOMAIN", "TARGETS", "BRIDGES", "ENVIRONMENT", "OWNER", "NAME"};
	const struct documents *domains = &catalog->of[DOCUMENT_DOMAIN];
	AUTO(table) table = TABLE_INIT;

	table_begin(&table, head, COUNT(head));
	for (size_t i = 0; i < domains->count; i++) {
		const struct document *domain = domains->list[i];

		table_add(&table, domain->id);
		table_add_format(&table, "%zu",
			count_in(&catalog->of[DOCUMENT_TARGET], domain->id));
		table_add_format(&table, "%zu",
			count_in(&catalog->of[DOCUMENT_BRIDGE], domain->id));
		table_add(&table, text_of(domain, "environment"));
		table_add(&table, text_of(domain, "owner"));
		table_add(&table, text_of(domain, "name"));
	}
	table_print(&table, stdout);
}

enum exit_status command_catalog_list(const struct options *options)
{
	AUTO(resolver) resolver = RESOLVER_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	const struct documents *domains;
	struct catalog *catalog;
	bool fine;

	if (!catalog_from_options(&resolver, options, NULL, false, &diags)) {
		output_diags(&diags, options->verbose);
		return EXIT_UNABLE;
	}
	catalog = resolver.catalog;
	domains = &catalog->of[DOCUMENT_DOMAIN];
	fine = catalog_list(catalog, &diags);
	for (size_t i = 0; i < domains->count; i++)
		if (!catalog_read(catalog, domains->list[i], &diags))
			fine = false;
	if (options->json) {
		json_t *json = catalog_json(&resolver);
		json_t *list = json_array();

		for (size_t i = 0; i < domains->count; i++)
			json_array_append_new(
				list, domain_json(catalog, domains->list[i]));
		json_object_set_new(json, "domains", list);
		output_json(json);
	} else {
		print_table(catalog);
	}
	output_diags(&diags, options->verbose);
	return catalog_status(fine, &diags);
}
