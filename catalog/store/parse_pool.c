#include "catalog/store/parse_pool.h"

#include "catalog/store/parse.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	BATCH = 64,
	MAX_THREADS = 7,
	WORTH_A_THREAD = 256, /* documents */
};

struct parser {
	struct parse_pool *pool;
	struct arena *arena;
	struct diags diags;
	pthread_t thread;
};

struct parse_pool {
	struct catalog *catalog;
	struct parser parsers[MAX_THREADS + 1]; /* the last is the owner's */
	size_t threads, started;
	size_t added; /* known to the owner alone, as are those above */

	pthread_mutex_t lock;
	pthread_cond_t more;
	struct document **list;
	size_t capacity;
	size_t ready; /* may be taken */
	size_t taken; /* by parsers */
	bool complete;
};

/* Up to BATCH documents to parse; 0 when there will be no more. */
static size_t take(struct parse_pool *pool, struct document **batch)
{
	size_t count;

	pthread_mutex_lock(&pool->lock);
	while (pool->taken == pool->ready && !pool->complete)
		pthread_cond_wait(&pool->more, &pool->lock);
	count = pool->ready - pool->taken;
	if (count > BATCH)
		count = BATCH;
	if (count)
		memcpy(batch, pool->list + pool->taken, count * sizeof(*batch));
	pool->taken += count;
	pthread_mutex_unlock(&pool->lock);
	return count;
}

static void *parse_batches(void *data)
{
	struct parser *parser = data;
	const struct catalog *catalog = parser->pool->catalog;
	struct document *batch[BATCH];
	AUTO(arena) scratch = ARENA_INIT;
	size_t count;

	while ((count = take(parser->pool, batch)))
		for (size_t i = 0; i < count; i++)
			if (catalog->digests)
				parse_digest(catalog, batch[i], parser->arena,
					&scratch, &parser->diags);
			else
				parse_document(catalog, batch[i], parser->arena,
					&parser->diags);
	return NULL;
}

static size_t thread_count(void)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (processors < 2)
		return 0;
	return processors > MAX_THREADS ? MAX_THREADS : (size_t)processors - 1;
}

struct parse_pool *parse_pool_create(
	struct catalog *catalog, const struct diags *like)
{
	struct parse_pool *pool = own_alloc(sizeof(*pool));

	pool->catalog = catalog;
	pool->threads = thread_count();
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->more, NULL);
	catalog->arena_count = pool->threads + 1;
	catalog->arenas = own_alloc(
		catalog->arena_count * sizeof(*catalog->arenas));
	for (size_t i = 0; i <= pool->threads; i++) {
		pool->parsers[i] = (struct parser){
			.pool = pool, .arena = &catalog->arenas[i]};
		diags_copy_severities(&pool->parsers[i].diags, like);
	}
	return pool;
}

/* When it cannot be done, the owner does the work. */
static void start_threads(struct parse_pool *pool)
{
	while (pool->started < pool->threads &&
		!pthread_create(&pool->parsers[pool->started].thread, NULL,
			parse_batches, &pool->parsers[pool->started]))
		pool->started++;
}

static void publish(struct parse_pool *pool, bool complete)
{
	pthread_mutex_lock(&pool->lock);
	pool->ready = pool->added;
	pool->complete = complete;
	pthread_cond_broadcast(&pool->more);
	pthread_mutex_unlock(&pool->lock);
}

static void grow_list(struct parse_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->list = own_grow(
		pool->list, pool->added, &pool->capacity, sizeof(*pool->list));
	pthread_mutex_unlock(&pool->lock);
}

void parse_pool_add(struct parse_pool *pool, struct document *document)
{
	if (pool->added == pool->capacity)
		grow_list(pool);
	pool->list[pool->added++] = document;
	if (pool->added == WORTH_A_THREAD)
		start_threads(pool);
	if (pool->added % BATCH == 0)
		publish(pool, false);
}

void parse_pool_finish(struct parse_pool *pool, struct diags *diags)
{
	publish(pool, true);
	parse_batches(&pool->parsers[pool->threads]);
	for (size_t i = 0; i < pool->started; i++)
		pthread_join(pool->parsers[i].thread, NULL);
	for (size_t i = 0; i <= pool->threads; i++)
		diags_move(diags, &pool->parsers[i].diags);
	pthread_cond_destroy(&pool->more);
	pthread_mutex_destroy(&pool->lock);
	free(pool->list);
	free(pool);
}
