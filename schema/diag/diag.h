/*
 * What is wrong, where, and what to do. Every function that can fail takes a
 * `struct diags *` as its last parameter and returns bool: false means that it
 * added at least one error.
 *
 *	if (port > 65535)
 *		return diag_error(diags, &node->at, RULE_SCHEMA_RANGE,
 *			"port %d is not between 1 and 65535", port);
 *
 * A message says what failed, has its subject in 'single quotes', then the
 * fix; it starts in lower case and has no full stop. Text in it may come from
 * anywhere: control characters are made visible as it is stored.
 */
#ifndef SCHEMA_DIAG_H
#define SCHEMA_DIAG_H

#include "schema/base/alloc.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A document as it was read. Origins point at it, so it lives as long as the
 * nodes parsed from it.
 */
struct source {
	const char *revision; /* full hex id, "WORKTREE", "INDEX", or NULL */
	const char *path;     /* as shown to people; never NULL */
	const char *bytes;
	size_t length;
};

/*
 * Does a line end behind this byte? Lines end in LF, CR LF or a single CR, as
 * YAML 1.2 (section 5.4) has it.
 */
bool diag_ends_line(const struct source *source, size_t at);

/*
 * A place in a source. Lines and columns count from 1, columns in code
 * points; the end is exclusive. line 0 means the document as a whole.
 */
struct origin {
	const struct source *source; /* NULL: no document, e.g. a default */
	uint32_t line, column;
	uint32_t end_line, end_column;
};

/* OFF is for diags_set_severity() alone: the rule makes no findings. */
enum severity {
	SEVERITY_NOTE,
	SEVERITY_WARNING,
	SEVERITY_ERROR,
	SEVERITY_OFF,
};

enum rule {
#define RULE(name, id, severity, title, advice) RULE_##name,
#include "schema/diag/rules.def"
#undef RULE
	RULE_COUNT
};

struct rule_row {
	const char *id;
	enum severity severity;
	const char *title;
	const char *advice;
};

extern const struct rule_row rule_rows[RULE_COUNT];

/* The rule with this id, or RULE_COUNT. */
enum rule rule_find(const char *id);

const char *severity_name(enum severity severity);

/* One finding. It owns its strings, so it outlives the document. */
struct diag {
	enum rule rule;
	enum severity severity;
	char *path;     /* NULL: about no document */
	char *revision; /* NULL: about no revision */
	uint32_t line, column, end_line, end_column;
	uint32_t byte, end_byte; /* the columns, in bytes of UTF-8 */
	char *message;
	/* The source line round the place, or NULL; at most 400 bytes. */
	char *excerpt;
	uint32_t excerpt_column; /* where in its line it begins */
	bool excerpt_is_cut;     /* the line goes on behind it */
	/* NULL but for what a schema says of a document: */
	char *instance; /* the JSON Pointer of the value in its document */
	char *keyword;  /* what it breaks: "bridge.schema.json#/required" */
	char *about;    /* see diag_about(); or NULL */
};

/*
 * Findings in the order they were made. `severity` is what each rule weighs
 * here: start from DIAGS_INIT, and a catalog's own severities are put over it
 * with diags_set_severity().
 */
struct diags {
	struct diag *list;
	size_t count, capacity;
	size_t errors, warnings, notes;
	bool customised;
	unsigned char severity[RULE_COUNT]; /* valid when customised */
};

#define DIAGS_INIT                                                             \
	{                                                                      \
		.list = NULL                                                   \
	}

void diags_release(struct diags *diags);

void diags_set_severity(
	struct diags *diags, enum rule rule, enum severity severity);

/* Let rules weigh in one list what they weigh in the other. */
void diags_copy_severities(struct diags *to, const struct diags *from);

/* What the rule weighs here. */
enum severity diags_severity(const struct diags *diags, enum rule rule);

/* Always an error; always false. origin may be NULL. */
bool diag_error(struct diags *diags, const struct origin *origin,
	enum rule rule, const char *format, ...) PRINTF(4, 5);

/* The same, with ": " and what errno says behind it. */
bool diag_errno(struct diags *diags, const struct origin *origin,
	enum rule rule, const char *format, ...) PRINTF(4, 5);

/* As severe as the rule is here; false when that makes it an error. */
bool diag_report(struct diags *diags, const struct origin *origin,
	enum rule rule, const char *format, ...) PRINTF(4, 5);

/* Say of the last finding where it is; both are copied, and may be NULL. */
void diag_locate(
	struct diags *diags, const char *instance, const char *keyword);

/*
 * Say of the last finding what tells it from others of its rule at its place:
 * the key that is missing or was meant, the other bridge on that port. A
 * message is none of that: it may name what is near, or the line of another
 * document. Copied.
 */
void diag_about(struct diags *diags, const char *about);

/* Let a finding be an error of this rule, with this message: it is copied. */
void diag_restate(
	struct diags *diags, size_t index, enum rule rule, const char *message);

/*
 * Order by what a finding is and not by how it is said: 0 for the same
 * mistake in the same document, also when other documents differ.
 */
int diag_compare_mistakes(const struct diag *a, const struct diag *b);

/* Say the same of another document: every string is copied. */
void diag_repeat(struct diags *diags, const struct diag *diag,
	const struct source *source);

/* Forget all findings but the first `count`; how many that were. */
size_t diags_shorten(struct diags *diags, size_t count);

/*
 * Order by path, line, column, rule, message, and drop exact repetitions, so
 * that the same input gives the same bytes.
 */
void diags_sort(struct diags *diags);

/* That order; 0 for findings that say the same of the same place. */
int diag_compare(const struct diag *a, const struct diag *b);

/* Forget the findings whose flag is set; `drop` has one for each from `first`
 * on. */
void diags_drop(struct diags *diags, size_t first, const bool *drop);

/* Move everything from one list behind another. `from` is empty after. */
void diags_move(struct diags *to, struct diags *from);

#endif
