#include "catalog/store/document_table.h"

#include "schema/base/fnv.h"
#include "schema/bridge/bridge.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The table holds what one repository names; ids are short. */
uint32_t document_table_hash(enum document_kind kind, const char *id)
{
	uint64_t value = FNV_BASIS ^ (uint64_t)kind;

	for (; *id; id++)
		value = fnv_add_char(value, (char)tolower((unsigned char)*id));
	return (uint32_t)(value ^ value >> 32);
}

static struct document *find_document(const struct documents *known,
	enum document_kind kind, const char *domain, const char *id,
	int (*compare)(const char *, const char *))
{
	size_t mask = known->capacity - 1;
	uint32_t hash = document_table_hash(kind, id);

	if (!known->capacity)
		return NULL;
	for (size_t i = hash & mask; known->list[i]; i = (i + 1) & mask) {
		struct document *document = known->list[i];

		if (document->hash != hash || document->kind != kind ||
			compare(document->id, id))
			continue;
		if (!domain || !strcmp(document->domain, domain))
			return document;
	}
	return NULL;
}

struct document *document_table_find(const struct documents *known,
	enum document_kind kind, const char *domain, const char *id)
{
	return find_document(known, kind, domain, id, strcmp);
}

struct document *document_table_find_folded(
	const struct documents *known, enum document_kind kind, const char *id)
{
	return find_document(known, kind, NULL, id, strcasecmp);
}

static void insert_document(struct documents *known, struct document *document)
{
	size_t mask = known->capacity - 1;
	size_t i = document->hash & mask;

	while (known->list[i])
		i = (i + 1) & mask;
	known->list[i] = document;
}

/*
 * From an empty place onwards, so that of two documents with the same id the
 * first stays the first.
 */
static void resize(struct documents *known, size_t capacity)
{
	struct documents larger = {.capacity = capacity, .count = known->count};
	size_t start = 0;

	larger.list = own_alloc(larger.capacity * sizeof(struct document *));
	while (start < known->capacity && known->list[start])
		start++;
	for (size_t i = 0; i < known->capacity; i++) {
		size_t at = (start + i) & (known->capacity - 1);

		if (known->list[at])
			insert_document(&larger, known->list[at]);
	}
	free(known->list);
	*known = larger;
}

void document_table_expect(struct documents *known, size_t more)
{
	size_t capacity = known->capacity ? known->capacity : 64;

	while ((known->count + more) * 2 > capacity)
		capacity *= 2;
	if (capacity > known->capacity)
		resize(known, capacity);
}

void document_table_add(struct documents *known, struct document *document)
{
	document_table_expect(known, 1);
	insert_document(known, document);
	known->count++;
}

const char *document_table_split(
	const char *reference, char *domain, bool *has_domain)
{
	const char *slash = strchr(reference, '/');
	const char *id = slash ? slash + 1 : reference;

	*has_domain = slash != NULL;
	if (slash) {
		size_t length = (size_t)(slash - reference);

		if (length > BRIDGE_MAX_NAME)
			return NULL;
		memcpy(domain, reference, length);
		domain[length] = '\0';
		if (!bridge_name_is_valid(domain))
			return NULL;
	}
	return bridge_name_is_valid(id) ? id : NULL;
}
