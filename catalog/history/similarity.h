/*
 * Which of the definitions that are gone each new one was. `catalog diff` and
 * `catalog log` ask here, so that they never disagree. A pair has the same
 * bytes or, as Git has it, at least half of the larger one's bytes in lines
 * that the other one has, too; what is more alike pairs first, and each pairs
 * once.
 */
#ifndef CATALOG_SIMILARITY_H
#define CATALOG_SIMILARITY_H

#include <stdbool.h>
#include <stddef.h>

struct similar {
	const char *path; /* of several that fit the first counts */
	const char *id;   /* for similarity_pair_same() alone */
	size_t id_length;
	unsigned char blob_id[20];
	const char *bytes; /* NULL when they are not known */
	size_t length;
	void *data;            /* the caller's */
	struct similar *other; /* what it pairs with, or NULL */
};

struct similar_list {
	struct similar *list;
	size_t count, capacity;
};

#define SIMILAR_LIST_INIT                                                      \
	{                                                                      \
		.list = NULL                                                   \
	}

/* Appended, to be filled in; pairing comes after. */
struct similar *similar_add(struct similar_list *list);

void similar_list_release(struct similar_list *list);

/* Set blob_id from the bytes, for what lies in no repository. */
void similar_identify(struct similar *similar);

/* Those with one id: what keeps its name is not renamed. */
void similarity_pair_same(struct similar_list *old, struct similar_list *now);

/* Of those that do not pair yet, the ones with one blob_id. */
void similarity_pair_equal(struct similar_list *old, struct similar_list *now);

/*
 * Of those that do not pair yet and whose bytes are known, the ones that are
 * alike. Where too many are left none is: see similarity_has_too_many().
 */
void similarity_pair_alike(struct similar_list *old, struct similar_list *now);

/* Then their bytes need not be fetched. */
bool similarity_has_too_many(
	const struct similar_list *old, const struct similar_list *now);

#endif
