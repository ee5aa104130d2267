/*
 * What people and programs see: tables, JSON, colour, and messages. stdout is
 * the answer, stderr the talk. Every text that comes from a catalog, a log or
 * ssh goes through text_append_visible() here.
 */
#ifndef CMD_OUTPUT_H
#define CMD_OUTPUT_H

#include "schema/base/text.h"
#include "schema/diag/diag.h"

#include <jansson.h>
#include <stdio.h>

enum paint { PAINT_NONE, PAINT_GOOD, PAINT_WARN, PAINT_BAD, PAINT_DIM };

/*
 * Decide about colour once: --color (NULL: not given), NO_COLOR, TERM and the
 * stream.
 */
void output_init(const char *color);

/* The escape sequences around painted text, or "" where there is no colour. */
const char *output_paint(FILE *stream, enum paint paint);
const char *output_plain(FILE *stream);

/* "bridge: " + message on stderr. */
void output_error(const char *format, ...) PRINTF(1, 2);
void output_note(const char *format, ...) PRINTF(1, 2);

/*
 * Every finding on stderr, one line each; with `verbose` notes and the rules'
 * advice, too. Objects that cannot be read become one finding.
 */
void output_diags(struct diags *diags, bool verbose);

/* A JSON value for people: texts without quotes, all else as JSON. */
void output_value(struct text *text, const json_t *value);

/* Pretty JSON with a newline on stdout; takes the reference over. */
void output_json(json_t *json);

/*
 * The service here, which is at 127.0.0.1 unless it is said: "8000",
 * "[::1]:8000", "/run/service.sock".
 */
void output_local_end(struct text *text, const char *host, long long port);

/* "12 s", "5 min", "3 h", "2 d": coarse on purpose. */
void output_duration(struct text *text, long long seconds);

/*
 * "5 min ago" for a time of the audit log ("2026-03-12T14:23:01.456789", UTC);
 * one that cannot be read is shown as it is.
 */
void output_ago(struct text *text, const char *ts);

/* The colour of a bridge's state. */
enum paint output_state_paint(const char *state);

#endif
