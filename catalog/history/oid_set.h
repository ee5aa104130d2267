/*
 * Ids of Git objects, each once.
 */
#ifndef CATALOG_OID_SET_H
#define CATALOG_OID_SET_H

#include <git2.h>
#include <stdbool.h>
#include <stddef.h>

struct oid_set {
	git_oid *slots; /* a hash table; all zero is free */
	size_t count, capacity;
};

#define OID_SET_INIT                                                           \
	{                                                                      \
		.slots = NULL                                                  \
	}

void oid_set_release(struct oid_set *set);

/* False when it was there before. The id is not all zero. */
bool oid_set_add(struct oid_set *set, const git_oid *id);

bool oid_set_has(const struct oid_set *set, const git_oid *id);

#endif
