#include "catalog/history/diff.h"

#include "catalog/history/similarity.h"
#include "catalog/store/document_table.h"
#include "schema/base/text.h"
#include "schema/yaml/node_json.h"

#include <stdlib.h>
#include <string.h>

const char *difference_name(enum difference difference)
{
	switch (difference) {
	case DIFFERENCE_ADDED:
		return "added";
	case DIFFERENCE_REMOVED:
		return "removed";
	case DIFFERENCE_CHANGED:
		return "changed";
	case DIFFERENCE_RENAMED:
		return "renamed";
	}
	return "changed";
}

void diff_release(struct diff *diff)
{
	for (size_t i = 0; i < diff->count; i++)
		json_decref(diff->list[i].fields);
	free(diff->list);
	*diff = (struct diff)DIFF_INIT;
}

static void flatten(
	json_t *flat, const struct node *node, const struct text *prefix)
{
	if (node->kind != NODE_MAP || (!node->map.count && prefix->length)) {
		json_object_setn_new_nocheck(
			flat, prefix->data, prefix->length, node_to_json(node));
		return;
	}
	for (size_t i = 0; i < node->map.count; i++) {
		const struct member *member = &node->map.members[i];
		AUTO(text) name = TEXT_INIT;

		text_append_bytes(&name, prefix->data, prefix->length);
		if (name.length)
			text_append_char(&name, '.');
		text_append_bytes(&name, member->key->string.bytes,
			member->key->string.length);
		flatten(flat, member->value, &name);
	}
}

/* Every field of a document, and the domain that it lies in. */
static json_t *fields_of(const struct document *document)
{
	AUTO(text) empty = TEXT_INIT;
	json_t *flat = json_object();

	if (!document)
		return flat;
	if (document->kind == DOCUMENT_TARGET ||
		document->kind == DOCUMENT_BRIDGE)
		json_object_set_new(
			flat, "domain", json_string(document->domain));
	flatten(flat, document->root, &empty);
	return flat;
}

static void add_field(
	json_t *list, const char *name, const json_t *old, const json_t *now)
{
	json_t *field = json_object();

	json_object_set_new(field, "field", json_string(name));
	json_object_set_new(
		field, "old", old ? json_deep_copy(old) : json_null());
	json_object_set_new(
		field, "new", now ? json_deep_copy(now) : json_null());
	json_array_append_new(list, field);
}

bool diff_can_read(const struct document *document)
{
	return document->root && document->root->kind == NODE_MAP;
}

json_t *diff_fields(const struct document *old, const struct document *now)
{
	bool known = (!old || diff_can_read(old)) &&
		     (!now || diff_can_read(now));
	json_auto_t *before = fields_of(known ? old : NULL);
	json_auto_t *after = fields_of(known ? now : NULL);
	json_t *list = json_array();
	const char *name;
	json_t *value;

	json_object_foreach(before, name, value)
	{
		const json_t *other = json_object_get(after, name);

		if (!other || !json_equal(value, other))
			add_field(list, name, value, other);
	}
	json_object_foreach(after, name, value)
	{
		if (!json_object_get(before, name))
			add_field(list, name, NULL, value);
	}
	return list;
}

static bool same_bytes(const struct document *a, const struct document *b)
{
	const struct source *x = a->source;
	const struct source *y = b->source;

	if (!x || !y || !x->bytes || !y->bytes)
		return !x == !y && !memcmp(a->entry.blob_id, b->entry.blob_id,
					   sizeof(a->entry.blob_id));
	return x->length == y->length && !memcmp(x->bytes, y->bytes, x->length);
}

static void add_entry(struct diff *diff, enum difference difference,
	const struct document *old, const struct document *now)
{
	diff->list = own_grow(
		diff->list, diff->count, &diff->capacity, sizeof(*diff->list));
	diff->list[diff->count++] = (struct diff_entry){
		.difference = difference, .old = old, .now = now};
}

static int compare_document_ids(const void *a, const void *b)
{
	const struct document *x = *(struct document *const *)a;
	const struct document *y = *(struct document *const *)b;
	int order = strcmp(x->id, y->id);

	return order ? order : strcmp(x->path, y->path);
}

static struct document **by_id(const struct documents *documents)
{
	struct document **list = own_realloc(
		NULL, documents->count + 1, sizeof(*list));

	if (documents->count)
		memcpy(list, documents->list, documents->count * sizeof(*list));
	qsort(list, documents->count, sizeof(*list), compare_document_ids);
	return list;
}

static bool has_changed(const struct document *old, const struct document *now)
{
	if (strcmp(old->domain ? old->domain : "",
		    now->domain ? now->domain : ""))
		return true;
	return !same_bytes(old, now);
}

/* A comment or a changed order is a difference of bytes, not of fields. */
static bool says_otherwise(struct diff_entry *entry)
{
	if (entry->old && entry->now &&
		(!diff_can_read(entry->old) || !diff_can_read(entry->now)))
		return true;
	return json_array_size(entry->fields) > 0 ||
	       entry->difference != DIFFERENCE_CHANGED;
}

static void pair_by_id(struct diff *diff, const struct documents *old,
	const struct documents *now)
{
	AUTO_FREE struct document **a = by_id(old);
	AUTO_FREE struct document **b = by_id(now);
	size_t i = 0;
	size_t j = 0;

	while (i < old->count || j < now->count) {
		int order = i == old->count   ? 1
			    : j == now->count ? -1
					      : strcmp(a[i]->id, b[j]->id);

		if (order < 0)
			add_entry(diff, DIFFERENCE_REMOVED, a[i++], NULL);
		else if (order > 0)
			add_entry(diff, DIFFERENCE_ADDED, NULL, b[j++]);
		else if (has_changed(a[i], b[j]))
			add_entry(diff, DIFFERENCE_CHANGED, a[i++], b[j++]);
		else
			i++, j++;
	}
}

static void join_rename(struct diff_entry *added, struct diff_entry *removed)
{
	added->difference = DIFFERENCE_RENAMED;
	added->old = removed->old;
	removed->old = NULL;
}

/* Of the entries from `first` on, the one that adds or removes this domain. */
static struct diff_entry *domain_entry(struct diff *diff, size_t first,
	enum difference difference, const char *id)
{
	for (size_t i = first; i < diff->count; i++) {
		struct diff_entry *entry = &diff->list[i];
		const struct document *of = difference == DIFFERENCE_ADDED
						    ? entry->now
						    : entry->old;

		if (entry->difference == difference && of &&
			!strcmp(of->id, id))
			return entry;
	}
	return NULL;
}

/* A domain whose documents lie in a new one has its name. */
static void find_moved_domains(struct diff *diff, size_t first,
	const struct catalog *old, const struct documents *documents)
{
	for (size_t i = 0; i < documents->count; i++) {
		const struct document *now = documents->list[i];
		const struct document *was = document_table_find(
			&old->known, now->kind, NULL, now->id);
		struct diff_entry *added;
		struct diff_entry *removed;

		if (!was || !strcmp(was->domain, now->domain))
			continue;
		added = domain_entry(
			diff, first, DIFFERENCE_ADDED, now->domain);
		removed = domain_entry(
			diff, first, DIFFERENCE_REMOVED, was->domain);
		if (added && removed)
			join_rename(added, removed);
	}
}

static void add_similar(struct similar_list *list, struct diff_entry *entry,
	const struct document *document)
{
	static const unsigned char unknown[20];
	const unsigned char *id = document->entry.blob_id;
	const struct source *source = document->source;
	bool has_id = memcmp(id, unknown, sizeof(unknown)) != 0;
	struct similar *similar;

	if (!source && !has_id)
		return;
	similar = similar_add(list);
	similar->path = document->path;
	similar->data = entry;
	memcpy(similar->blob_id, id, sizeof(similar->blob_id));
	if (!source)
		return;
	similar->bytes = source->bytes;
	similar->length = source->length;
	if (!has_id)
		similar_identify(similar);
}

static void pair_similar(struct diff *diff, size_t first)
{
	AUTO(similar_list) old = SIMILAR_LIST_INIT;
	AUTO(similar_list) now = SIMILAR_LIST_INIT;

	for (size_t i = first; i < diff->count; i++) {
		struct diff_entry *entry = &diff->list[i];

		if (entry->difference == DIFFERENCE_ADDED)
			add_similar(&now, entry, entry->now);
		else if (entry->difference == DIFFERENCE_REMOVED && entry->old)
			add_similar(&old, entry, entry->old);
	}
	similarity_pair_equal(&old, &now);
	similarity_pair_alike(&old, &now);
	for (size_t i = 0; i < now.count; i++)
		if (now.list[i].other)
			join_rename(now.list[i].data, now.list[i].other->data);
}

static void find_renames(struct diff *diff, size_t first)
{
	size_t kept = first;

	pair_similar(diff, first);
	for (size_t i = first; i < diff->count; i++)
		if (diff->list[i].old || diff->list[i].now)
			diff->list[kept++] = diff->list[i];
	diff->count = kept;
}

static void fill_fields(struct diff *diff, size_t first)
{
	size_t kept = first;

	for (size_t i = first; i < diff->count; i++) {
		struct diff_entry *entry = &diff->list[i];

		entry->fields = diff_fields(entry->old, entry->now);
		if (says_otherwise(entry))
			diff->list[kept++] = *entry;
		else
			json_decref(entry->fields);
	}
	diff->count = kept;
}

void diff_catalogs(
	struct diff *diff, const struct catalog *old, const struct catalog *now)
{
	static const enum document_kind kinds[] = {DOCUMENT_CATALOG,
		DOCUMENT_DOMAIN, DOCUMENT_TARGET, DOCUMENT_BRIDGE,
		DOCUMENT_ACTOR};

	for (size_t i = 0; i < COUNT(kinds); i++) {
		size_t first = diff->count;

		pair_by_id(diff, &old->of[kinds[i]], &now->of[kinds[i]]);
		if (kinds[i] == DOCUMENT_DOMAIN) {
			find_moved_domains(
				diff, first, old, &now->of[DOCUMENT_TARGET]);
			find_moved_domains(
				diff, first, old, &now->of[DOCUMENT_BRIDGE]);
		}
		find_renames(diff, first);
		fill_fields(diff, first);
	}
}
