#include "catalog/history/similarity.h"

#include "schema/base/alloc.h"
#include "schema/base/fnv.h"

#include <git2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	MAX_RENAMES = 400,   /* on a side, as in Git: each is compared with
				each of the other side */
	MAX_LINES = 1 << 20, /* of a side in all; what comes behind them is
				not compared */
	LONGEST_LINE = 64,   /* a longer one counts as several, as in Git */
	WHOLE = 60000,       /* the score of what is equal */
};

struct line {
	uint32_t hash, length;
};

/* The lines of a document in the order of their hashes. */
struct lines {
	struct similar *of;
	struct line *list;
	size_t count;
};

/* The documents of one side that are compared. */
struct side {
	struct lines list[MAX_RENAMES];
	size_t count;
};

struct score {
	uint32_t score;
	struct similar *old, *now;
};

struct similar *similar_add(struct similar_list *list)
{
	list->list = own_grow(
		list->list, list->count, &list->capacity, sizeof(*list->list));
	list->list[list->count] = (struct similar){.path = ""};
	return &list->list[list->count++];
}

void similar_list_release(struct similar_list *list)
{
	free(list->list);
	*list = (struct similar_list)SIMILAR_LIST_INIT;
}

void similar_identify(struct similar *similar)
{
	git_oid id;

	if (!git_odb_hash(
		    &id, similar->bytes, similar->length, GIT_OBJECT_BLOB))
		memcpy(similar->blob_id, id.id, sizeof(similar->blob_id));
}

static void pair(struct similar *old, struct similar *now)
{
	old->other = now;
	now->other = old;
}

static int compare_ids(const struct similar *a, const struct similar *b)
{
	bool shorter = a->id_length < b->id_length;
	int order = memcmp(a->id, b->id, shorter ? a->id_length : b->id_length);

	return order ? order : (a->id_length > b->id_length) - shorter;
}

static int compare_blobs(const struct similar *a, const struct similar *b)
{
	return memcmp(a->blob_id, b->blob_id, sizeof(a->blob_id));
}

typedef int comparison(const struct similar *a, const struct similar *b);

static int compare_similar(const void *a, const void *b, void *data)
{
	const struct similar *x = *(struct similar *const *)a;
	const struct similar *y = *(struct similar *const *)b;
	comparison *const *first = data;
	int order = (*first)(x, y);

	return order ? order : strcmp(x->path, y->path);
}

/* Those that do not pair yet, in that order, then by their paths. */
static struct similar **sorted(
	struct similar_list *list, comparison *first, size_t *count)
{
	struct similar **all = own_realloc(
		NULL, list->count + 1, sizeof(struct similar *));

	*count = 0;
	for (size_t i = 0; i < list->count; i++)
		if (!list->list[i].other)
			all[(*count)++] = &list->list[i];
	qsort_r(all, *count, sizeof(*all), compare_similar, &first);
	return all;
}

static void pair_by(
	struct similar_list *old, struct similar_list *now, comparison *by)
{
	size_t old_count;
	size_t now_count;
	AUTO_FREE struct similar **a = sorted(old, by, &old_count);
	AUTO_FREE struct similar **b = sorted(now, by, &now_count);
	size_t i = 0;
	size_t j = 0;

	while (i < old_count && j < now_count) {
		int order = by(a[i], b[j]);

		if (!order)
			pair(a[i], b[j]);
		i += order <= 0;
		j += order >= 0;
	}
}

void similarity_pair_same(struct similar_list *old, struct similar_list *now)
{
	pair_by(old, now, compare_ids);
}

void similarity_pair_equal(struct similar_list *old, struct similar_list *now)
{
	pair_by(old, now, compare_blobs);
}

/* With the end of the line. */
static size_t line_length(const char *bytes, size_t length)
{
	const char *end;

	if (length > LONGEST_LINE)
		length = LONGEST_LINE;
	end = memchr(bytes, '\n', length);
	return end ? (size_t)(end - bytes) + 1 : length;
}

static int compare_lines(const void *a, const void *b)
{
	const struct line *x = a;
	const struct line *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->length > y->length) - (x->length < y->length);
}

/* False when it has more lines than are left. */
static bool split_lines(struct lines *lines, struct similar *of, size_t *left)
{
	size_t capacity = 0;

	*lines = (struct lines){.of = of};
	for (size_t at = 0; at < of->length;) {
		const char *line = of->bytes + at;
		size_t length = line_length(line, of->length - at);

		if (lines->count == *left) {
			free(lines->list);
			return false;
		}
		lines->list = own_grow(lines->list, lines->count, &capacity,
			sizeof(*lines->list));
		lines->list[lines->count++] = (struct line){
			(uint32_t)fnv_add(FNV_BASIS, line, length),
			(uint32_t)length};
		at += length;
	}
	if (lines->count)
		qsort(lines->list, lines->count, sizeof(*lines->list),
			compare_lines);
	*left -= lines->count;
	return true;
}

static bool is_compared(const struct similar *similar)
{
	return !similar->other && similar->bytes;
}

static struct side *read_side(struct similar_list *list)
{
	struct side *side = own_alloc(sizeof(*side));
	size_t left = MAX_LINES;

	for (size_t i = 0; i < list->count; i++)
		if (is_compared(&list->list[i]) &&
			split_lines(&side->list[side->count], &list->list[i],
				&left))
			side->count++;
	return side;
}

static void free_side(struct side *side)
{
	for (size_t i = 0; i < side->count; i++)
		free(side->list[i].list);
	free(side);
}

/* Of WHOLE; 0 when not half of the larger one is in both. */
static uint32_t alike(const struct lines *a, const struct lines *b)
{
	size_t x = a->of->length;
	size_t y = b->of->length;
	uint64_t larger = x > y ? x : y;
	uint64_t same = 0;

	if (!larger || larger > 2 * (uint64_t)(x < y ? x : y))
		return 0;
	for (size_t i = 0, j = 0; i < a->count && j < b->count;) {
		int order = compare_lines(&a->list[i], &b->list[j]);

		if (!order)
			same += a->list[i].length;
		i += order <= 0;
		j += order >= 0;
	}
	return same * 2 < larger ? 0 : (uint32_t)(same * WHOLE / larger);
}

static int compare_scores(const void *a, const void *b)
{
	const struct score *x = a;
	const struct score *y = b;
	int order = (x->score < y->score) - (x->score > y->score);

	if (!order)
		order = strcmp(x->now->path, y->now->path);
	return order ? order : strcmp(x->old->path, y->old->path);
}

static size_t count_left(const struct similar_list *list)
{
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++)
		count += !list->list[i].other;
	return count;
}

bool similarity_has_too_many(
	const struct similar_list *old, const struct similar_list *now)
{
	return count_left(old) > MAX_RENAMES || count_left(now) > MAX_RENAMES;
}

static void pair_sides(const struct side *old, const struct side *now)
{
	AUTO_FREE struct score *scores = own_realloc(
		NULL, old->count * now->count + 1, sizeof(*scores));
	size_t count = 0;

	for (size_t i = 0; i < old->count; i++)
		for (size_t j = 0; j < now->count; j++) {
			uint32_t score = alike(&old->list[i], &now->list[j]);

			if (score)
				scores[count++] = (struct score){score,
					old->list[i].of, now->list[j].of};
		}
	qsort(scores, count, sizeof(*scores), compare_scores);
	for (size_t i = 0; i < count; i++)
		if (!scores[i].old->other && !scores[i].now->other)
			pair(scores[i].old, scores[i].now);
}

void similarity_pair_alike(struct similar_list *old, struct similar_list *now)
{
	struct side *a;
	struct side *b;

	if (similarity_has_too_many(old, now))
		return;
	a = read_side(old);
	b = read_side(now);
	pair_sides(a, b);
	free_side(a);
	free_side(b);
}
