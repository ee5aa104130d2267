#include "schema/base/suggest.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { LONGEST = 64, SHORTEST_PART = 4 };

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static int low(char c)
{
	return c == '-' ? '_' : tolower((unsigned char)c);
}

/* Optimal string alignment; lengths are at most LONGEST. */
static unsigned distance(
	const char *a, size_t a_length, const char *b, size_t b_length)
{
	unsigned rows[3][LONGEST + 1];
	unsigned *before = rows[0];
	unsigned *above = rows[1];
	unsigned *row = rows[2];

	for (size_t k = 0; k <= b_length; k++)
		above[k] = (unsigned)k;
	for (size_t i = 1; i <= a_length; i++) {
		unsigned *spare = before;

		row[0] = (unsigned)i;
		for (size_t k = 1; k <= b_length; k++) {
			unsigned differ = low(a[i - 1]) != low(b[k - 1]);

			row[k] = least(above[k - 1] + differ,
				least(above[k], row[k - 1]) + 1);
			if (i > 1 && k > 1 && low(a[i - 1]) == low(b[k - 2]) &&
				low(a[i - 2]) == low(b[k - 1]))
				row[k] = least(row[k], before[k - 2] + 1);
		}
		before = above;
		above = row;
		row = spare;
	}
	return above[b_length];
}

static bool begins(const char *candidate, const char *word, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (low(candidate[i]) != low(word[i]))
			return false;
	return candidate[length] == '_';
}

/* The only one that the word is the first part of: interval_seconds. */
static const char *only_longer(const char *word, size_t length,
	const char *const *candidates, size_t count)
{
	const char *found = NULL;

	for (size_t i = 0; length >= SHORTEST_PART && i < count; i++) {
		if (!begins(candidates[i], word, length))
			continue;
		if (found)
			return NULL;
		found = candidates[i];
	}
	return found;
}

const char *suggest_nearest(
	const char *word, const char *const *candidates, size_t count)
{
	size_t length = strnlen(word, LONGEST + 1);
	unsigned most = length < 6 ? 1 : (unsigned)(length / 3);
	const char *best = NULL;

	if (!length || length > LONGEST)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t other = strnlen(candidates[i], LONGEST + 1);
		size_t apart = other > length ? other - length : length - other;
		unsigned edits;

		if (!other || other > LONGEST || apart > most)
			continue;
		edits = distance(word, length, candidates[i], other);
		if (edits > most || edits >= length)
			continue;
		best = candidates[i];
		if (!edits)
			break;
		most = edits - 1;
	}
	return best ? best : only_longer(word, length, candidates, count);
}
