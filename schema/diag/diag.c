#include "schema/diag/diag.h"

#include "schema/base/text.h"
#include "schema/base/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_EXCERPT = 400, MAX_MESSAGE = 2000 };

const struct rule_row rule_rows[RULE_COUNT] = {
#define RULE(name, id, severity, title, advice)                                \
	[RULE_##name] = {id, SEVERITY_##severity, title, advice},
#include "schema/diag/rules.def"
#undef RULE
};

enum rule rule_find(const char *id)
{
	for (int rule = 0; rule < RULE_COUNT; rule++)
		if (!strcmp(rule_rows[rule].id, id))
			return (enum rule)rule;
	return RULE_COUNT;
}

const char *severity_name(enum severity severity)
{
	switch (severity) {
	case SEVERITY_NOTE:
		return "note";
	case SEVERITY_WARNING:
		return "warning";
	case SEVERITY_ERROR:
		return "error";
	case SEVERITY_OFF:
		return "off";
	}
	return "error";
}

static void diag_release(struct diag *diag)
{
	free(diag->path);
	free(diag->revision);
	free(diag->message);
	free(diag->excerpt);
	free(diag->instance);
	free(diag->keyword);
	free(diag->about);
}

void diags_release(struct diags *diags)
{
	for (size_t i = 0; i < diags->count; i++)
		diag_release(&diags->list[i]);
	free(diags->list);
	*diags = (struct diags)DIAGS_INIT;
}

enum severity diags_severity(const struct diags *diags, enum rule rule)
{
	return diags->customised ? (enum severity)diags->severity[rule]
				 : rule_rows[rule].severity;
}

void diags_set_severity(
	struct diags *diags, enum rule rule, enum severity severity)
{
	if (!diags->customised)
		for (int i = 0; i < RULE_COUNT; i++)
			diags->severity[i] =
				(unsigned char)rule_rows[i].severity;
	diags->customised = true;
	diags->severity[rule] = (unsigned char)severity;
}

void diags_copy_severities(struct diags *to, const struct diags *from)
{
	to->customised = from->customised;
	if (from->customised)
		memcpy(to->severity, from->severity, sizeof(to->severity));
}

bool diag_ends_line(const struct source *source, size_t at)
{
	const char *bytes = source->bytes;

	return bytes[at] == '\n' ||
	       (bytes[at] == '\r' &&
		       (at + 1 == source->length || bytes[at + 1] != '\n'));
}

/* Most documents have no CR at all: then lines are found by memchr(). */
static const char *next_line(const char *at, const char *end, bool has_cr)
{
	if (!has_cr) {
		at = memchr(at, '\n', (size_t)(end - at));
		return at ? at + 1 : NULL;
	}
	for (; at < end; at++) {
		if (*at == '\n')
			return at + 1;
		if (*at == '\r')
			return at + 1 < end && at[1] == '\n' ? at + 2 : at + 1;
	}
	return NULL;
}

/*
 * Where a line of the source starts, or NULL; *length is without its end. A
 * byte order mark is no part of the first.
 */
static const char *find_line(
	const struct source *source, uint32_t line, size_t *length)
{
	const char *at = source->bytes;
	const char *end = at ? at + source->length : NULL;
	bool has_cr;

	if (!at || !line)
		return NULL;
	at += utf8_mark_size(at, source->length);
	has_cr = memchr(at, '\r', (size_t)(end - at)) != NULL;
	for (; line > 1; line--) {
		at = next_line(at, end, has_cr);
		if (!at)
			return NULL;
	}
	for (*length = 0; at + *length < end; ++*length)
		if (at[*length] == '\n' || at[*length] == '\r')
			break;
	return at;
}

/* A column in bytes, both counted from 1; `column` where there is no text. */
static uint32_t byte_column(
	const struct source *source, uint32_t line, uint32_t column)
{
	size_t length;
	size_t at = 0;
	const char *bytes = find_line(source, line, &length);

	if (!bytes)
		return column;
	for (uint32_t i = 1; i < column && at < length; i++) {
		uint32_t point;
		size_t size = utf8_decode(&point, bytes + at, length - at);

		at += size ? size : 1;
	}
	if (line == 1)
		at += utf8_mark_size(source->bytes, source->length);
	return (uint32_t)at + 1;
}

/* Back, or on, to where a character begins. */
static size_t character(const char *line, size_t at)
{
	while (at && (line[at] & 0xc0) == 0x80)
		at--;
	return at;
}

/*
 * A copy of the line the finding is in. Of a long one what is round the place:
 * a quarter of what is kept stands before it.
 */
static void take_excerpt(struct diag *diag, const struct source *source)
{
	size_t length;
	const char *line = find_line(source, diag->line, &length);
	size_t start = 0;
	size_t at;

	diag->excerpt_column = 1;
	if (!line)
		return;
	at = diag->byte ? diag->byte - 1 : 0;
	if (at > length)
		at = length;
	if (length > MAX_EXCERPT && at > MAX_EXCERPT / 2)
		start = character(line, at - MAX_EXCERPT / 4);
	if (length - start > MAX_EXCERPT) {
		length = character(line, start + MAX_EXCERPT);
		diag->excerpt_is_cut = true;
	}
	diag->excerpt_column += (uint32_t)utf8_count(line, start);
	diag->excerpt = own_strndup(line + start, length - start);
}

static char *copy(const char *string)
{
	return string ? own_strdup(string) : NULL;
}

static struct diag *append(
	struct diags *diags, enum rule rule, enum severity severity)
{
	struct diag *diag;

	if (diags->count == diags->capacity) {
		diags->capacity = diags->capacity ? diags->capacity * 2 : 8;
		diags->list = own_realloc(
			diags->list, diags->capacity, sizeof(*diags->list));
	}
	diag = &diags->list[diags->count++];
	*diag = (struct diag){.rule = rule, .severity = severity};
	diags->errors += severity == SEVERITY_ERROR;
	diags->warnings += severity == SEVERITY_WARNING;
	diags->notes += severity == SEVERITY_NOTE;
	return diag;
}

static void add_diag(struct diags *diags, const struct origin *origin,
	enum rule rule, enum severity severity, const struct text *message)
{
	struct diag *diag;
	AUTO(text) visible = TEXT_INIT;
	size_t length = message->length;

	if (length > MAX_MESSAGE)
		length = MAX_MESSAGE;
	text_append_visible(&visible, message->data, length);
	diag = append(diags, rule, severity);
	diag->message = text_detach(&visible);
	if (origin && origin->source) {
		diag->path = copy(origin->source->path);
		diag->revision = copy(origin->source->revision);
		diag->line = origin->line;
		diag->column = origin->column;
		diag->end_line = origin->end_line;
		diag->end_column = origin->end_column;
		diag->byte = byte_column(
			origin->source, origin->line, origin->column);
		diag->end_byte = byte_column(
			origin->source, origin->end_line, origin->end_column);
		take_excerpt(diag, origin->source);
	}
}

void diag_repeat(struct diags *diags, const struct diag *diag,
	const struct source *source)
{
	struct diag *repeated = append(diags, diag->rule, diag->severity);

	*repeated = *diag;
	repeated->path = own_strdup(source->path);
	repeated->revision = copy(source->revision);
	repeated->message = own_strdup(diag->message);
	repeated->excerpt = copy(diag->excerpt);
	repeated->instance = copy(diag->instance);
	repeated->keyword = copy(diag->keyword);
	repeated->about = copy(diag->about);
}

bool diag_error(struct diags *diags, const struct origin *origin,
	enum rule rule, const char *format, ...)
{
	AUTO(text) message = TEXT_INIT;
	va_list arguments;

	va_start(arguments, format);
	text_vformat(&message, format, arguments);
	va_end(arguments);
	add_diag(diags, origin, rule, SEVERITY_ERROR, &message);
	return false;
}

bool diag_errno(struct diags *diags, const struct origin *origin,
	enum rule rule, const char *format, ...)
{
	int number = errno;
	AUTO(text) message = TEXT_INIT;
	va_list arguments;

	va_start(arguments, format);
	text_vformat(&message, format, arguments);
	va_end(arguments);
	text_format(&message, ": %s", strerror(number));
	add_diag(diags, origin, rule, SEVERITY_ERROR, &message);
	return false;
}

bool diag_report(struct diags *diags, const struct origin *origin,
	enum rule rule, const char *format, ...)
{
	enum severity severity = diags_severity(diags, rule);
	AUTO(text) message = TEXT_INIT;
	va_list arguments;

	if (severity == SEVERITY_OFF)
		return true;
	va_start(arguments, format);
	text_vformat(&message, format, arguments);
	va_end(arguments);
	add_diag(diags, origin, rule, severity, &message);
	return severity != SEVERITY_ERROR;
}

static char *visible(const char *string)
{
	AUTO(text) text = TEXT_INIT;

	if (!string)
		return NULL;
	text_append_visible(&text, string, strnlen(string, MAX_MESSAGE));
	return text_detach(&text);
}

void diag_locate(struct diags *diags, const char *instance, const char *keyword)
{
	struct diag *diag = &diags->list[diags->count - 1];

	free(diag->instance);
	free(diag->keyword);
	diag->instance = visible(instance);
	diag->keyword = visible(keyword);
}

void diag_about(struct diags *diags, const char *about)
{
	struct diag *diag = &diags->list[diags->count - 1];

	free(diag->about);
	diag->about = copy(about);
}

void diag_restate(
	struct diags *diags, size_t index, enum rule rule, const char *message)
{
	struct diag *diag = &diags->list[index];

	diags->errors += diag->severity != SEVERITY_ERROR;
	diags->warnings -= diag->severity == SEVERITY_WARNING;
	diags->notes -= diag->severity == SEVERITY_NOTE;
	diag->severity = SEVERITY_ERROR;
	diag->rule = rule;
	free(diag->message);
	diag->message = visible(message);
}

static void forget(struct diags *diags, struct diag *diag)
{
	diags->errors -= diag->severity == SEVERITY_ERROR;
	diags->warnings -= diag->severity == SEVERITY_WARNING;
	diags->notes -= diag->severity == SEVERITY_NOTE;
	diag_release(diag);
}

size_t diags_shorten(struct diags *diags, size_t count)
{
	size_t forgotten = 0;

	for (; diags->count > count; forgotten++)
		forget(diags, &diags->list[--diags->count]);
	return forgotten;
}

static int compare_numbers(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

/* NULL comes first, as an empty text does. */
static int compare_texts(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int compare_places(const struct diag *a, const struct diag *b)
{
	int order = compare_texts(a->path, b->path);

	if (!order)
		order = compare_numbers(a->line, b->line);
	if (!order)
		order = compare_numbers(a->column, b->column);
	if (!order)
		order = strcmp(rule_rows[a->rule].id, rule_rows[b->rule].id);
	return order;
}

int diag_compare(const struct diag *a, const struct diag *b)
{
	int order = compare_places(a, b);

	return order ? order : strcmp(a->message, b->message);
}

int diag_compare_mistakes(const struct diag *a, const struct diag *b)
{
	int order = compare_places(a, b);

	if (!order)
		order = compare_texts(a->about, b->about);
	if (!order)
		order = compare_texts(a->instance, b->instance);
	return order ? order : compare_texts(a->keyword, b->keyword);
}

static int compare(const void *a, const void *b)
{
	return diag_compare(a, b);
}

void diags_drop(struct diags *diags, size_t first, const bool *drop)
{
	size_t kept = first;

	for (size_t i = first; i < diags->count; i++)
		if (drop[i - first])
			forget(diags, &diags->list[i]);
		else
			diags->list[kept++] = diags->list[i];
	diags->count = kept;
}

void diags_sort(struct diags *diags)
{
	size_t kept = 0;

	if (!diags->count)
		return;
	qsort(diags->list, diags->count, sizeof(*diags->list), compare);
	for (size_t i = 1; i < diags->count; i++) {
		struct diag *diag = &diags->list[i];

		if (compare(&diags->list[kept], diag)) {
			diags->list[++kept] = *diag;
			continue;
		}
		forget(diags, diag);
	}
	diags->count = kept + 1;
}

void diags_move(struct diags *to, struct diags *from)
{
	size_t needed = to->count + from->count;

	if (needed > to->capacity) {
		to->list = own_realloc(to->list, needed, sizeof(*to->list));
		to->capacity = needed;
	}
	if (from->count)
		memcpy(to->list + to->count, from->list,
			from->count * sizeof(*from->list));
	to->count = needed;
	to->errors += from->errors;
	to->warnings += from->warnings;
	to->notes += from->notes;
	from->count = 0;
	diags_release(from);
}
