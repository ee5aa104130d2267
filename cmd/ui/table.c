#include "cmd/ui/table.h"

#include "cmd/ui/terminal.h"
#include "schema/base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { GAP = 2 };

void table_release(struct table *table)
{
	for (size_t i = 0; i < table->count; i++)
		free(table->cells[i].text);
	free(table->cells);
	*table = (struct table)TABLE_INIT;
}

void table_add_painted(struct table *table, const char *text, enum paint paint)
{
	AUTO(text) visible = TEXT_INIT;

	table->cells = own_grow(table->cells, table->count, &table->capacity,
		sizeof(*table->cells));
	if (!text)
		text = "-";
	text_append_visible(&visible, text, strlen(text));
	table->cells[table->count].width = utf8_width(
		visible.data, visible.length);
	table->cells[table->count].paint = paint;
	table->cells[table->count++].text = text_detach(&visible);
}

void table_add(struct table *table, const char *text)
{
	table_add_painted(table, text, PAINT_NONE);
}

void table_add_format(struct table *table, const char *format, ...)
{
	AUTO(text) text = TEXT_INIT;
	va_list arguments;

	va_start(arguments, format);
	text_vformat(&text, format, arguments);
	va_end(arguments);
	table_add(table, text.data);
}

void table_begin(
	struct table *table, const struct column *columns, size_t count)
{
	table->of = columns;
	table->columns = count;
	table->width = terminal_width(STDOUT_FILENO);
	for (size_t i = 0; i < count; i++)
		table_add(table, columns[i].head);
}

size_t table_rows(const struct table *table)
{
	return table->columns ? table->count / table->columns - (table->of != 0)
			      : 0;
}

/* What a column takes; a width of 0 leaves it out. */
struct fit {
	size_t natural, width;
	bool empty; /* no row has anything there */
};

static bool says_nothing(const char *cell)
{
	return !*cell || !strcmp(cell, "-");
}

static void measure(const struct table *table, struct fit *fits)
{
	for (size_t i = 0; i < table->columns; i++)
		fits[i] = (struct fit){.empty = true};
	for (size_t i = 0; i < table->count; i++) {
		struct fit *fit = &fits[i % table->columns];
		const struct cell *cell = &table->cells[i];

		if (cell->width > fit->natural)
			fit->natural = cell->width;
		if (i >= table->columns && !says_nothing(cell->text))
			fit->empty = false;
	}
	for (size_t i = 0; i < table->columns; i++)
		fits[i].width = fits[i].natural;
}

static size_t least_of(const struct column *column, const struct fit *fit)
{
	return column->least && column->least < fit->natural ? column->least
							     : fit->natural;
}

/* All that are not left out, each cut as far as it may be. */
static size_t least_width(const struct table *table, const struct fit *fits)
{
	size_t width = 0;

	for (size_t i = 0; i < table->columns; i++)
		if (fits[i].width)
			width += least_of(&table->of[i], &fits[i]) + GAP;
	return width ? width - GAP : 0;
}

/* The next to be left out: what is empty first. */
static struct fit *to_drop(const struct table *table, struct fit *fits)
{
	struct fit *found = NULL;
	unsigned best = 0;

	for (size_t i = 0; i < table->columns; i++) {
		unsigned rank = table->of[i].drop + (fits[i].empty ? 0U : 256U);

		if (!fits[i].width || !table->of[i].drop ||
			(found && rank >= best))
			continue;
		found = &fits[i];
		best = rank;
	}
	return found;
}

/* The widest that may become narrower; at last, the widest of all. */
static struct fit *to_cut(const struct table *table, struct fit *fits)
{
	struct fit *found = NULL;
	struct fit *widest = &fits[0];

	for (size_t i = 0; i < table->columns; i++) {
		if (fits[i].width > widest->width)
			widest = &fits[i];
		if (fits[i].width > least_of(&table->of[i], &fits[i]) &&
			(!found || fits[i].width >= found->width))
			found = &fits[i];
	}
	if (found)
		return found;
	return widest->width > 1 ? widest : NULL;
}

static void fit(const struct table *table, struct fit *fits)
{
	size_t total = 0;
	struct fit *one;

	while (least_width(table, fits) > table->width &&
		(one = to_drop(table, fits)))
		one->width = 0;
	for (size_t i = 0; i < table->columns; i++)
		if (fits[i].width)
			total += fits[i].width + GAP;
	for (total -= GAP; total > table->width && (one = to_cut(table, fits));
		total--)
		one->width--;
}

/* The rest of a row is padding. */
static bool ends_row(
	const struct table *table, const struct fit *fits, size_t at)
{
	for (at++; at % table->columns; at++)
		if (fits[at % table->columns].width && *table->cells[at].text)
			return false;
	return true;
}

/* The columns written. */
static size_t print_text(const struct cell *cell, size_t width, FILE *stream)
{
	size_t length = strlen(cell->text);
	const char *ellipsis = terminal_ellipsis();
	size_t mark = utf8_width(ellipsis, strlen(ellipsis));

	if (cell->width <= width) {
		fwrite(cell->text, 1, length, stream);
		return cell->width;
	}
	if (width < mark)
		return 0;
	length = utf8_prefix(cell->text, length, width - mark);
	fwrite(cell->text, 1, length, stream);
	fputs(ellipsis, stream);
	return utf8_width(cell->text, length) + mark;
}

static size_t print_cell(const struct cell *cell, size_t width, FILE *stream)
{
	size_t written;

	if (cell->paint == PAINT_NONE)
		return print_text(cell, width, stream);
	fputs(output_paint(stream, cell->paint), stream);
	written = print_text(cell, width, stream);
	fputs(output_plain(stream), stream);
	return written;
}

static void pad(size_t columns, FILE *stream)
{
	static const char spaces[] = "                                ";

	for (; columns >= sizeof(spaces); columns -= sizeof(spaces) - 1)
		fwrite(spaces, 1, sizeof(spaces) - 1, stream);
	fwrite(spaces, 1, columns, stream);
}

void table_print(const struct table *table, FILE *stream)
{
	size_t columns = table->columns;
	AUTO_FREE struct fit *fits = own_alloc(columns * sizeof(*fits));

	measure(table, fits);
	if (table->of && table->width)
		fit(table, fits);
	for (size_t i = 0; i < table->count; i++) {
		size_t width = fits[i % columns].width;
		size_t written;

		if (!width && i % columns + 1 < columns)
			continue;
		written = print_cell(&table->cells[i], width, stream);
		if (!ends_row(table, fits, i)) {
			pad(width - written + GAP, stream);
			continue;
		}
		fputc('\n', stream);
		i += columns - 1 - i % columns;
	}
}
