#include "catalog/store/load.h"

#include "catalog/store/custom_schemas.h"
#include "catalog/store/list.h"
#include "catalog/store/parse.h"
#include "catalog/store/parse_cache.h"
#include "catalog/store/parse_pool.h"

#include <stdlib.h>

enum { TELL_EACH = 500 };

struct loading {
	struct catalog *catalog;
	struct parse_pool *pool;
	size_t seen[DOCUMENT_KINDS]; /* of catalog->of[] */
	struct cached *cached;       /* there is nothing to parse */
	size_t cached_count, cached_capacity;
	struct diags *diags;
};

static bool is_cached(struct loading *loading, struct document *document)
{
	struct cached pair;

	if (!parse_cache_find(loading->catalog, document, &pair))
		return false;
	loading->cached = own_grow(loading->cached, loading->cached_count,
		&loading->cached_capacity, sizeof(*loading->cached));
	loading->cached[loading->cached_count++] = pair;
	document->read = true;
	loading->catalog->files++;
	return true;
}

/* What was listed since the last time. */
static void read_more(void *data)
{
	struct loading *loading = data;
	struct catalog *catalog = loading->catalog;

	for (size_t kind = 0; kind < DOCUMENT_KINDS; kind++) {
		const struct documents *of = &catalog->of[kind];

		while (loading->seen[kind] < of->count) {
			struct document *document =
				of->list[loading->seen[kind]++];

			if (document->read)
				continue;
			if (!is_cached(loading, document)) {
				parse_read(catalog, document, loading->diags);
				parse_pool_add(loading->pool, document);
			}
			if (catalog->reading && catalog->files % TELL_EACH == 0)
				catalog->reading(
					catalog->reading_data, catalog->files);
		}
	}
}

/* What is said of the documents that were parsed is sorted for the others. */
static void finish_cached(struct loading *loading, struct diags *found)
{
	struct catalog *catalog = loading->catalog;
	AUTO(diags) more = DIAGS_INIT;

	diags_sort(found);
	for (size_t i = 0; i < loading->cached_count; i++)
		parse_cache_copy(catalog, &loading->cached[i], found, &more);
	diags_move(found, &more);
	if (!catalog->is_base)
		return;
	diags_sort(found);
	for (size_t i = 0; i < found->count; i++) {
		const struct diag *diag = &found->list[i];

		diag_repeat(&catalog->said, diag,
			&(const struct source){.path = diag->path,
				.revision = diag->revision});
	}
}

static void load(struct catalog *catalog, struct diags *diags)
{
	AUTO(diags) parsed = DIAGS_INIT;
	struct loading loading = {.catalog = catalog, .diags = diags};

	if (catalog->base && !parse_cache_fits(catalog, catalog->base))
		catalog->base = NULL;
	for (size_t kind = 0; kind < DOCUMENT_KINDS; kind++)
		if (kind != DOCUMENT_TUNNELS)
			parse_prepare(catalog, (enum document_kind)kind, diags);
	loading.pool = parse_pool_create(catalog, diags);
	list_catalog_stepwise(catalog, read_more, &loading, diags);
	parse_pool_finish(loading.pool, &parsed);
	finish_cached(&loading, &parsed);
	diags_move(diags, &parsed);
	free(loading.cached);
}

bool load_catalog(struct catalog *catalog, struct diags *diags)
{
	AUTO(diags) found = DIAGS_INIT;
	bool good;

	diags_copy_severities(&found, diags);
	custom_schemas_check(catalog, &found);
	if (catalog->arenas)
		list_catalog(catalog, &found);
	else
		load(catalog, &found);
	/* Threads finish in any order; findings come in one. */
	diags_sort(&found);
	good = !found.errors &&
	       (!catalog->settings || catalog->settings->valid);
	diags_move(diags, &found);
	return good;
}
