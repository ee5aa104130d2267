/*
 * `bridge catalog list`: the domains of the catalog, with what belongs to each.
 */
#include "catalog/store/list.h"
#include "cmd/context/answer.h"
#include "cmd/context/command.h"
#include "cmd/context/open_catalog.h"
#include "cmd/ui/output.h"
#include "cmd/ui/table.h"
#include "schema/base/json_line.h"
#include "schema/yaml/node_json.h"

#include <string.h>

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

static void print_table(const json_t *domains)
{
	static const struct column columns[] = {
		{"DOMAIN", 24, 0},
		{"TARGETS", 0, 2},
		{"BRIDGES", 0, 1},
		{"ENVIRONMENT", 0, 3},
		{"OWNER", 8, 4},
		{"NAME", 12, 5},
	};
	AUTO(table) table = TABLE_INIT;
	size_t i;
	json_t *domain;

	table_begin(&table, columns, COUNT(columns));
	json_array_foreach(domains, i, domain)
	{
		table_add(&table, json_text(domain, "id"));
		table_add_format(&table, "%zu",
			json_array_size(json_object_get(domain, "targets")));
		table_add_format(&table, "%zu",
			json_array_size(json_object_get(domain, "bridges")));
		table_add(&table, json_text(domain, "environment"));
		table_add(&table, json_text(domain, "owner"));
		table_add(&table, json_text(domain, "name"));
	}
	table_print(&table, stdout);
}

enum exit_status answer_domains(
	const struct options *options, json_t **answer, struct diags *diags)
{
	AUTO(resolver) resolver = RESOLVER_INIT;
	const struct documents *domains;
	struct catalog *catalog;
	json_t *list;
	bool fine;

	if (!open_catalog_with_notice(&resolver, options, NULL, false, diags))
		return EXIT_UNABLE;
	catalog = resolver.catalog;
	domains = &catalog->of[DOCUMENT_DOMAIN];
	fine = list_catalog(catalog, diags);
	list = json_array();
	for (size_t i = 0; i < domains->count; i++) {
		if (!catalog_read(catalog, domains->list[i], diags))
			fine = false;
		json_array_append_new(
			list, domain_json(catalog, domains->list[i]));
	}
	*answer = open_catalog_json(&resolver);
	json_object_set_new(*answer, "domains", list);
	return open_catalog_status(fine, diags);
}

enum exit_status command_catalog_list(const struct options *options)
{
	AUTO(diags) diags = DIAGS_INIT;
	json_auto_t *answer = NULL;
	enum exit_status status = answer_domains(options, &answer, &diags);

	if (answer && options->json)
		output_json(json_incref(answer));
	else if (answer)
		print_table(json_object_get(answer, "domains"));
	output_diags(&diags, options->verbose);
	return status;
}
