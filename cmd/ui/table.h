/*
 * Tables for people. Cells are copied and made visible; columns are as wide as
 * their widest cell, the last one is not padded. A table with columns that may
 * be cut or left out fits the width it is given; without a width, as into a
 * pipe, everything is written.
 */
#ifndef CMD_TABLE_H
#define CMD_TABLE_H

#include "cmd/ui/output.h"

struct column {
	const char *head;

	/* On a terminal too narrow for all of it, in this order: */
	unsigned char least; /* cut it, but not below that; 0: never */
	unsigned char drop;  /* leave it out, 1 first; 0: never */
	/* Where that is not enough, whatever is widest is cut. */
};

struct cell {
	char *text;
	size_t width; /* in columns of a terminal */
	enum paint paint;
};

struct table {
	const struct column *of; /* borrowed; NULL: no head, nothing is cut */
	size_t columns;
	size_t width; /* of the terminal, 0: as wide as it takes */
	struct cell *cells;
	size_t count, capacity;
};

#define TABLE_INIT                                                             \
	{                                                                      \
		.columns = 0                                                   \
	}

void table_release(struct table *table);

/*
 * With a head, which every row has as many cells as, and as wide as the
 * terminal on stdout.
 */
void table_begin(
	struct table *table, const struct column *columns, size_t count);

/* Add the next cell, left to right, row by row. NULL shows as "-". */
void table_add(struct table *table, const char *text);
void table_add_painted(struct table *table, const char *text, enum paint paint);
void table_add_format(struct table *table, const char *format, ...)
	PRINTF(2, 3);

/* Rows below the head. */
size_t table_rows(const struct table *table);

void table_print(const struct table *table, FILE *stream);

#endif
