#include "cmd/context/candidates.h"

#include "catalog/git/revision_names.h"
#include "catalog/store/list.h"
#include "cmd/context/bridge_names.h"
#include "cmd/context/open_catalog.h"
#include "cmd/context/supervisor_query.h"

#include <stdlib.h>
#include <string.h>

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Each once. */
static void add_sorted(json_t *list, const char **names, size_t count)
{
	if (count)
		qsort(names, count, sizeof(*names), by_text);
	for (size_t i = 0; i < count; i++)
		if (!i || strcmp(names[i], names[i - 1]) != 0)
			json_array_append_new(list, json_string(names[i]));
}

json_t *candidates_bridges(const struct options *options)
{
	AUTO(supervisor_query) query = SUPERVISOR_QUERY_INIT;
	AUTO(diags) ignored = DIAGS_INIT;
	json_t *list = json_array();
	size_t count;
	char **names;

	if (options->waiting)
		query.cancel_fd = options->waiting->cancel_fd;
	supervisor_query_open(&query, QUERY_LEFTOVERS | QUERY_BRIEF, &ignored);
	names = supervisor_query_names(&query, options, &count);
	add_sorted(list, (const char **)names, count);
	bridge_names_free(names, count);
	return list;
}

json_t *candidates_ids(const struct options *options, enum document_kind kind)
{
	AUTO(resolver) resolver = RESOLVER_INIT;
	AUTO(diags) ignored = DIAGS_INIT;
	json_t *list = json_array();
	const struct documents *documents;
	AUTO_FREE const char **names = NULL;

	if (!open_catalog_quietly(&resolver, options, NULL, false, &ignored))
		return list;
	list_catalog(resolver.catalog, &ignored);
	documents = &resolver.catalog->of[kind];
	names = own_alloc((documents->count + 1) * sizeof(*names));
	for (size_t i = 0; i < documents->count; i++)
		names[i] = documents->list[i]->id;
	add_sorted(list, names, documents->count);
	return list;
}

json_t *candidates_revisions(const struct options *options)
{
	AUTO(resolver) resolver = RESOLVER_INIT;
	AUTO(diags) ignored = DIAGS_INIT;
	json_t *list = json_array();
	size_t count;
	char **names;

	if (!open_catalog_quietly(&resolver, options, NULL, false, &ignored))
		return list;
	names = revision_names(resolver.catalog->revision, &count);
	add_sorted(list, (const char **)names, count);
	bridge_names_free(names, count);
	return list;
}
