/*
 * The file behind find_domain.h. One file, made on this machine for this
 * machine:
 *
 *	8 bytes   "bridge1\n"
 *	uint32_t  how many entries, in the byte order of the machine
 *	uint32_t  1, so that another byte order shows
 *	entries   two uint32_t each: where the key and the domain begin, in
 *	          the order of strcmp() on key, then domain
 *	strings   NUL-terminated; a key is 'b' or 't' and the id
 */
#ifndef CATALOG_DOMAIN_CACHE_H
#define CATALOG_DOMAIN_CACHE_H

#include "schema/base/text.h"
#include "schema/embedded.h"

struct domain_cache {
	struct domain_cache_pair {
		uint32_t key, domain; /* offsets in strings */
	} * pairs;
	size_t count, capacity;
	struct text strings;
	uint32_t last_domain; /* the offset of the one added last */
};

#define DOMAIN_CACHE_INIT                                                      \
	{                                                                      \
		.strings = TEXT_INIT                                           \
	}

void domain_cache_release(struct domain_cache *index);

void domain_cache_add(struct domain_cache *index, enum document_kind kind,
	const char *id, size_t length, const char *domain);

/*
 * Write it, and keep no more than the newest few. Failing is silent: the
 * next look-up is slow again, no more.
 */
void domain_cache_write(
	struct domain_cache *index, const unsigned char tree_id[20]);

/*
 * Append the domain to *domain. False when there is no usable index, or no
 * such entry.
 */
bool domain_cache_find(const unsigned char tree_id[20], enum document_kind kind,
	const char *id, struct text *domain);

#endif
