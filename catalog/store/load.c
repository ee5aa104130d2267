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
	struct pool *pool;
	size_t seen[DOCUMENT_KINDS]; /* of catalog->of[] */
	struct twin *twins;          /* there is nothing to parse */
	size_t twin_count, twin_capacity;
	struct diags *diags;
};

static bool is_twin(struct loading *loading, struct document *document)
{
	struct twin pair;

	if (!twins_find(loading->catalog, document, &pair))
		return false;
	if (loading->twin_count == loading->twin_capacity) {
		loading->twin_capacity = loading->twin_capacity
						 ? loading->twin_capacity * 2
						 : 64;
		loading->twins = own_realloc(loading->twins,
			loading->twin_capacity, sizeof(*loading->twins));
	}
	loading->twins[loading->twin_count++] = pair;
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
			if (!is_twin(loading, document)) {
				parse_read(catalog, document, loading->diags);
				pool_add(loading->pool, document);
			}
			if (catalog->reading && catalog->files % TELL_EACH == 0)
				catalog->reading(
					catalog->reading_data, catalog->files);
		}
	}
}

/* What is said of the documents that were parsed is sorted for the others. */
static void finish_twins(struct loading *loading, struct diags *found)
{
	struct catalog *catalog = loading->catalog;
	AUTO(diags) more = DIAGS_INIT;

	diags_sort(found);
	for (size_t i = 0; i < loading->twin_count; i++)
		twins_copy(catalog, &loading->twins[i], found, &more);
	diags_move(found, &more);
	if (!catalog->is_elder)
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

	if (catalog->elder && !twins_agree(catalog, catalog->elder))
		catalog->elder = NULL;
	for (size_t kind = 0; kind < DOCUMENT_KINDS; kind++)
		if (kind != DOCUMENT_TUNNELS)
			parse_prepare(catalog, (enum document_kind)kind, diags);
	loading.pool = pool_create(catalog, diags);
	list_catalog_stepwise(catalog, read_more, &loading, diags);
	pool_finish(loading.pool, &parsed);
	finish_twins(&loading, &parsed);
	diags_move(diags, &parsed);
	free(loading.twins);
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
