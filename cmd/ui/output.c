#include "cmd/ui/output.h"

#include "catalog/git/missing_object.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static bool colours[3]; /* by file descriptor */

void output_init(const char *color)
{
	const char *term = getenv("TERM");
	const char *no_color = getenv("NO_COLOR");
	bool always = color && !strcmp(color, "always");
	bool never = color ? !strcmp(color, "never") : no_color && *no_color;

	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
		colours[fd] = always || (!never && isatty(fd) && term &&
						strcmp(term, "dumb") != 0);
}

const char *output_paint(FILE *stream, enum paint paint)
{
	if (!colours[stream == stderr ? STDERR_FILENO : STDOUT_FILENO])
		return "";
	switch (paint) {
	case PAINT_NONE:
		return "";
	case PAINT_GOOD:
		return "\033[32m";
	case PAINT_WARN:
		return "\033[33m";
	case PAINT_BAD:
		return "\033[31m";
	case PAINT_DIM:
		return "\033[2m";
	}
	return "";
}

const char *output_plain(FILE *stream)
{
	return colours[stream == stderr ? STDERR_FILENO : STDOUT_FILENO]
		       ? "\033[0m"
		       : "";
}

static void message(const char *format, va_list arguments)
{
	AUTO(text) text = TEXT_INIT;
	AUTO(text) visible = TEXT_INIT;

	text_vformat(&text, format, arguments);
	text_append_visible(&visible, text.data, text.length);
	fprintf(stderr, "bridge: %s\n", visible.data);
}

void output_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	message(format, arguments);
	va_end(arguments);
}

void output_note(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	message(format, arguments);
	va_end(arguments);
}

static enum paint severity_paint(enum severity severity)
{
	switch (severity) {
	case SEVERITY_NOTE:
		return PAINT_DIM;
	case SEVERITY_WARNING:
		return PAINT_WARN;
	case SEVERITY_ERROR:
		return PAINT_BAD;
	default:
		return PAINT_NONE;
	}
}

static void print_diag(const struct diag *diag, bool verbose)
{
	const struct rule_row *rule = &rule_rows[diag->rule];
	AUTO(text) place = TEXT_INIT;

	if (diag->path)
		text_append_visible(&place, diag->path, strlen(diag->path));
	else
		text_append(&place, "bridge");
	if (diag->path && diag->line)
		text_format(&place, ":%u:%u", diag->line, diag->column);
	fprintf(stderr, "%s: %s%s:%s %s [%s]\n", place.data,
		output_paint(stderr, severity_paint(diag->severity)),
		severity_name(diag->severity), output_plain(stderr),
		diag->message, rule->id);
	if (verbose && *rule->advice)
		fprintf(stderr, "    %s\n", rule->advice);
}

void output_diags(struct diags *diags, bool verbose)
{
	missing_object_fold(diags);
	for (size_t i = 0; i < diags->count; i++)
		if (verbose || diags->list[i].severity != SEVERITY_NOTE)
			print_diag(&diags->list[i], verbose);
}

void output_value(struct text *text, const json_t *value)
{
	AUTO_FREE char *dump = NULL;

	if (json_is_string(value)) {
		text_append(text, json_string_value(value));
		return;
	}
	dump = json_dumps(value, JSON_ENCODE_ANY);
	text_append(text, dump ? dump : "-");
}

void output_json(json_t *json)
{
	AUTO_FREE char *dump = json_dumps(json, JSON_INDENT(2));

	AUTO(text) text = TEXT_INIT;

	text_append_json_visible(&text, dump ? dump : "null");
	puts(text.data);
	json_decref(json);
}

void output_local_end(struct text *text, const char *host, long long port)
{
	bool is_usual = !host || !strcmp(host, "127.0.0.1");
	bool is_bare_ipv6;

	if (is_usual) {
		text_format(text, "%lld", port);
		return;
	}
	is_bare_ipv6 = *host != '/' && *host != '[' && strchr(host, ':');
	if (is_bare_ipv6)
		text_append_char(text, '[');
	text_append_visible(text, host, strlen(host));
	if (is_bare_ipv6)
		text_append_char(text, ']');
	if (*host != '/')
		text_format(text, ":%lld", port);
}

void output_duration(struct text *text, long long seconds)
{
	if (seconds < 120)
		text_format(text, "%lld s", seconds);
	else if (seconds < 7200)
		text_format(text, "%lld min", seconds / 60);
	else if (seconds < 172800)
		text_format(text, "%lld h", seconds / 3600);
	else
		text_format(text, "%lld d", seconds / 86400);
}

void output_ago(struct text *text, const char *ts)
{
	struct tm parts = {.tm_isdst = 0};
	long long seconds;

	if (!strptime(ts, "%Y-%m-%dT%H:%M:%S", &parts)) {
		text_append(text, ts);
		return;
	}
	seconds = (long long)(time(NULL) - timegm(&parts));
	output_duration(text, seconds < 0 ? 0 : seconds);
	text_append(text, " ago");
}

enum paint output_state_paint(const char *state)
{
	static const struct {
		const char *state;
		enum paint paint;
	} paints[] = {
		{"connected", PAINT_GOOD},
		{"degraded", PAINT_WARN},
		{"starting", PAINT_WARN},
		{"reconnecting", PAINT_WARN},
		{"failed", PAINT_BAD},
		{"stopped", PAINT_DIM},
		{"stopping", PAINT_DIM},
	};

	for (size_t i = 0; state && i < COUNT(paints); i++)
		if (!strcmp(paints[i].state, state))
			return paints[i].paint;
	return PAINT_NONE;
}
