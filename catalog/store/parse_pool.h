/*
 * Threads that parse and check documents while the one that owns the pool
 * reads more of them: two threads in libgit2's object database are slower than
 * one. A short catalog is parsed by that thread alone.
 */
#ifndef CATALOG_PARSE_POOL_H
#define CATALOG_PARSE_POOL_H

#include "catalog/store/types.h"

struct parse_pool;

/*
 * The pool parses for a catalog into arenas that the catalog then owns. Rules
 * weigh what they weigh in `like`. The schemas are prepared.
 */
struct parse_pool *parse_pool_create(
	struct catalog *catalog, const struct diags *like);

/* Hand over a document that was read. It is the pool's until the end. */
void parse_pool_add(struct parse_pool *pool, struct document *document);

/* Help until all is done; the findings come in any order. */
void parse_pool_finish(struct parse_pool *pool, struct diags *diags);

#endif
