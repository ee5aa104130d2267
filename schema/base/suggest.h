/*
 * "Did you mean": the candidate nearest to a word by edit distance, where
 * swapping two neighbouring letters is one edit, and neither case nor '-' for
 * '_' costs anything. Else the only one that begins with the word and a '_'.
 */
#ifndef SCHEMA_NEAREST_H
#define SCHEMA_NEAREST_H

#include <stddef.h>

/*
 * NULL when none is near: within a third of the word's length, and at least
 * one edit. Of equally near ones the first. Words over 64 bytes have none.
 */
const char *suggest_nearest(
	const char *word, const char *const *candidates, size_t count);

#endif
