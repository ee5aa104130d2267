#include "catalog/store/parse_cache.h"

#include "catalog/document/schemas.h"
#include "catalog/store/document.h"
#include "catalog/store/parse.h"

#include <stdlib.h>
#include <string.h>

/* The working tree knows no ids. */
static bool has_id(const struct revision_entry *entry)
{
	static const unsigned char none[sizeof(entry->blob_id)];

	return entry->kind == ENTRY_FILE &&
	       memcmp(entry->blob_id, none, sizeof(none)) != 0;
}

static bool same_blob(
	const struct revision_entry *a, const struct revision_entry *b)
{
	return has_id(a) && has_id(b) &&
	       !memcmp(a->blob_id, b->blob_id, sizeof(a->blob_id));
}

static bool same_settings(
	const struct document *settings, const struct document *other)
{
	if (!settings || !other)
		return !settings && !other;
	return same_blob(&settings->entry, &other->entry);
}

bool parse_cache_fits(const struct catalog *catalog, const struct catalog *base)
{
	if (!same_settings(catalog->settings, base->settings))
		return false;
	for (size_t kind = 0; kind < DOCUMENT_KINDS; kind++) {
		const struct schemas_kind *of = &catalog->schemas->of[kind];
		const struct schemas_kind *old = &base->schemas->of[kind];

		if (!of->uri && !old->uri)
			continue;
		if (!of->uri || !old->uri || strcmp(of->uri, old->uri) != 0 ||
			!same_blob(&of->entry, &old->entry))
			return false;
	}
	return true;
}

/* Ids are hashes already. */
static size_t first_slot(const struct documents *table, const unsigned char *id)
{
	size_t hash;

	memcpy(&hash, id, sizeof(hash));
	return hash & (table->capacity - 1);
}

static struct document **slot(
	const struct documents *table, const struct document *document)
{
	size_t i = first_slot(table, document->entry.blob_id);

	while (table->list[i] &&
		(table->list[i]->kind != document->kind ||
			!same_blob(&table->list[i]->entry, &document->entry)))
		i = (i + 1) & (table->capacity - 1);
	return &table->list[i];
}

static void grow_blobs(struct documents *table)
{
	struct documents larger = {
		.capacity = table->capacity ? table->capacity * 2 : 64,
		.count = table->count};

	larger.list = own_alloc(larger.capacity * sizeof(struct document *));
	for (size_t i = 0; i < table->capacity; i++)
		if (table->list[i])
			*slot(&larger, table->list[i]) = table->list[i];
	free(table->list);
	*table = larger;
}

static struct document *find_blob(
	const struct documents *table, const struct document *document)
{
	return table->capacity ? *slot(table, document) : NULL;
}

static void add_blob(struct documents *table, struct document *document)
{
	struct document **free_slot;

	if ((table->count + 1) * 2 > table->capacity)
		grow_blobs(table);
	free_slot = slot(table, document);
	table->count += !*free_slot;
	*free_slot = document;
}

/* A whole tree's places are in its own document. */
static bool same_path(const struct catalog *catalog,
	const struct document *document, const struct document *cached)
{
	const char *prefix = revision_prefix(catalog->revision);
	size_t length = strlen(prefix);
	const char *path = cached->source->path;

	return !strncmp(path, prefix, length) &&
	       !strcmp(path + length, document->path);
}

static const struct document *find_in_base(
	const struct catalog *catalog, const struct document *document)
{
	const struct document *cached;

	if (!catalog->base)
		return NULL;
	cached = find_blob(&catalog->base->blobs, document);
	if (!cached || !cached->source || cached->digested != catalog->digests)
		return NULL;
	return cached->digested || same_path(catalog, document, cached) ? cached
									: NULL;
}

/*
 * One that could not be read is not cached: what is said of it names its path.
 * Whole trees of one catalog are not shared, and not copied either: that
 * would expand their aliases.
 */
bool parse_cache_find(
	struct catalog *catalog, struct document *document, struct cached *pair)
{
	*pair = (struct cached){.document = document};
	if (!has_id(&document->entry))
		return false;
	pair->cached = find_in_base(catalog, document);
	pair->is_base = pair->cached != NULL;
	if (pair->is_base)
		return true;
	pair->cached = find_blob(&catalog->blobs, document);
	if (pair->cached && pair->cached->source && catalog->digests)
		return true;
	add_blob(&catalog->blobs, document);
	return false;
}

/* The first finding of a path, in the order of diags_sort(). */
static size_t first_said(const struct diags *said, const char *path)
{
	size_t low = 0;
	size_t high = said->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *at = said->list[middle].path;

		if (!at || strcmp(at, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void parse_cache_copy(struct catalog *catalog, const struct cached *pair,
	const struct diags *own, struct diags *diags)
{
	const struct diags *said = pair->is_base ? &catalog->base->said : own;
	const struct document *cached = pair->cached;
	const struct source *same = cached->source;
	struct document *document = pair->document;
	struct source *source = arena_alloc(&catalog->arena, sizeof(*source));
	struct origin at = document_origin(catalog, document);

	*source = *at.source;
	source->bytes = same->bytes;
	source->length = same->length;
	document->source = source;
	document->valid = cached->valid;
	document->broken = cached->broken;
	document->digested = cached->digested;
	document->root = cached->root;
	document->valid_part = cached->valid_part;
	if (cached->root && cached->digested)
		parse_digest_of(document, &catalog->arena, cached->root,
			cached->valid_part);
	for (size_t i = first_said(said, same->path);
		i < said->count && !strcmp(said->list[i].path, same->path); i++)
		diag_repeat(diags, &said->list[i], source);
}
