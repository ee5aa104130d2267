/*
 * Which of the definitions that are gone each new one was. `catalog diff` and
 * `catalog log` ask here, so that they never disagree. A pair has the same
 * bytes or, as Git has it, at least half of the larger one's bytes in lines
 * that the other one has, too; what is more alike pairs first, and each pairs
 * once.
 */
#ifndef CATALOG_RENAMES_H
#define CATALOG_RENAMES_H

#include <stdbool.h>
#include <stddef.h>

struct renamed {
	const char *path; /* of several that fit the first counts */
	const char *id;   /* for renames_pair_same() alone */
	size_t id_length;
	unsigned char blob_id[20];
	const char *bytes; /* NULL when they are not known */
	size_t length;
	void *data;            /* the caller's */
	struct renamed *other; /* what it pairs with, or NULL */
};

struct renamed_list {
	struct renamed *list;
	size_t count, capacity;
};

#define RENAMED_LIST_INIT                                                      \
	{                                                                      \
		.list = NULL                                                   \
	}

/* Appended, to be filled in; pairing comes after. */
struct renamed *renamed_add(struct renamed_list *list);

void renamed_list_release(struct renamed_list *list);

/* Set blob_id from the bytes, for what lies in no repository. */
void renamed_identify(struct renamed *renamed);

/* Those with one id: what keeps its name is not renamed. */
void renames_pair_same(struct renamed_list *old, struct renamed_list *now);

/* Of those that do not pair yet, the ones with one blob_id. */
void renames_pair_equal(struct renamed_list *old, struct renamed_list *now);

/*
 * Of those that do not pair yet and whose bytes are known, the ones that are
 * alike. Where too many are left none is: see renames_are_too_many().
 */
void renames_pair_alike(struct renamed_list *old, struct renamed_list *now);

/* Then their bytes need not be fetched. */
bool renames_are_too_many(
	const struct renamed_list *old, const struct renamed_list *now);

#endif
