/*
 * The file behind find_domain.h. One file, made on this machine for this
 *machine:
 *
 *	8 bytes   "bridge1\n"
 *	uint32_t  how many entries, in the byte order of the machine
 *	uint32_t  1, so that another byte order shows
 *	entries   two uint32_t each: where the key and the domain begin, in
 *	          the order of strcmp() on key, then domain
 *	strings   NUL-terminated; a key is 'b' or 't' and the id
 */
#ifndef CATALOG_LOCATE_INDEX_H
#define CATALOG_LOCATE_INDEX_H

#include "schema/base/text.h"
#include "schema/embedded.h"

struct locate_index {
	struct locate_pair {
		uint32_t key, domain; /* offsets in strings */
	} * pairs;
	size_t count, capacity;
	struct text strings;
	uint32_t last_domain; /* the offset of the one added last */
};

#define LOCATE_INDEX_INIT                                                      \
	{                                                                      \
		.strings = TEXT_INIT                                           \
	}

void locate_index_release(struct locate_index *index);

void locate_index_add(struct locate_index *index, enum document_kind kind,
	const char *id, size_t length, const char *domain);

/*
 * Write it, and keep no more than the newest few. Failing is silent: the
 * next look-up is slow again, no more.
 */
void locate_index_write(
	struct locate_index *index, const unsigned char tree_id[20]);

/*
 * Append the domain to *domain. False when there is no usable index, or no
 * such entry.
 */
bool locate_index_find(const unsigned char tree_id[20], enum document_kind kind,
	const char *id, struct text *domain);

#endif
