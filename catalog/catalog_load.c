/*
 * Reading a whole catalog: this thread reads objects, others parse and check
 * them, and this one helps when there is nothing left to read.
 */
#include "catalog/catalog.h"
#include "catalog/organisation.h"
#include "catalog/parse.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	BATCH = 64,
	MAX_THREADS = 7,
	WORTH_A_THREAD = 256, /* documents */
};

struct pool {
	const struct catalog *catalog;
	struct document **list;
	size_t count;

	pthread_mutex_t lock;
	pthread_cond_t more;
	size_t ready; /* read by this thread */
	size_t taken; /* by parsers */
};

struct parser {
	struct pool *pool;
	struct arena *arena;
	struct diags diags;
	pthread_t thread;
};

/* A run of documents to parse; false when all are taken. */
static bool take(struct pool *pool, size_t *from, size_t *to)
{
	pthread_mutex_lock(&pool->lock);
	while (pool->taken == pool->ready && pool->ready < pool->count)
		pthread_cond_wait(&pool->more, &pool->lock);
	*from = pool->taken;
	*to = pool->ready - *from > BATCH ? *from + BATCH : pool->ready;
	pool->taken = *to;
	pthread_mutex_unlock(&pool->lock);
	return *from < *to;
}

static void *parse(void *data)
{
	struct parser *parser = data;
	size_t from;
	size_t to;

	while (take(parser->pool, &from, &to))
		for (size_t i = from; i < to; i++)
			parse_document(parser->pool->catalog,
				parser->pool->list[i], parser->arena,
				&parser->diags);
	return NULL;
}

static void publish(struct pool *pool, size_t ready)
{
	pthread_mutex_lock(&pool->lock);
	pool->ready = ready;
	pthread_cond_broadcast(&pool->more);
	pthread_mutex_unlock(&pool->lock);
}

static size_t thread_count(size_t documents)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (documents < WORTH_A_THREAD || processors < 2)
		return 0;
	return processors > MAX_THREADS ? MAX_THREADS : (size_t)processors - 1;
}

static void read_and_parse(
	struct catalog *catalog, struct pool *pool, struct diags *diags)
{
	struct parser parsers[MAX_THREADS + 1];
	size_t threads = thread_count(pool->count);
	size_t started = 0;

	catalog->arenas = own_alloc((threads + 1) * sizeof(*catalog->arenas));
	catalog->arena_count = threads + 1;
	for (size_t i = 0; i <= threads; i++) {
		parsers[i] = (struct parser){
			.pool = pool, .arena = &catalog->arenas[i]};
		diags_copy_severities(&parsers[i].diags, diags);
	}
	while (started < threads && !pthread_create(&parsers[started].thread,
					    NULL, parse, &parsers[started]))
		started++;
	for (size_t i = 0; i < pool->count; i++) {
		parse_read(catalog, pool->list[i], diags);
		if ((i + 1) % BATCH == 0)
			publish(pool, i + 1);
	}
	publish(pool, pool->count);
	parse(&parsers[threads]);
	for (size_t i = 0; i < started; i++)
		pthread_join(parsers[i].thread, NULL);
	for (size_t i = 0; i <= threads; i++)
		diags_move(diags, &parsers[i].diags);
}

static void gather(
	struct catalog *catalog, struct pool *pool, struct diags *diags)
{
	size_t total = 0;

	for (size_t kind = 0; kind < DOCUMENT_KINDS; kind++)
		total += catalog->of[kind].count;
	pool->list = own_alloc(total * sizeof(struct document *));
	for (size_t kind = 0; kind < DOCUMENT_KINDS; kind++) {
		const struct documents *of = &catalog->of[kind];

		if (of->count)
			parse_prepare(catalog, (enum document_kind)kind, diags);
		for (size_t i = 0; i < of->count; i++)
			if (!of->list[i]->read)
				pool->list[pool->count++] = of->list[i];
	}
}

bool catalog_load(struct catalog *catalog, struct diags *diags)
{
	struct pool pool = {.catalog = catalog,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.more = PTHREAD_COND_INITIALIZER};
	AUTO(diags) found = DIAGS_INIT;
	bool good;

	diags_copy_severities(&found, diags);
	catalog_list(catalog, &found);
	organisation_check(catalog, &found);
	gather(catalog, &pool, &found);
	if (!catalog->arenas)
		read_and_parse(catalog, &pool, &found);
	free(pool.list);
	/* Threads finish in any order; findings come in one. */
	diags_sort(&found);
	good = !found.errors &&
	       (!catalog->settings || catalog->settings->valid);
	diags_move(diags, &found);
	return good;
}
