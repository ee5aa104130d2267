#include "schema/yaml/error.h"

#include "schema/base/utf8.h"

#include <string.h>

struct origin yaml_place(
	const struct source *source, yaml_mark_t start, yaml_mark_t end)
{
	return (struct origin){
		.source = source,
		.line = (uint32_t)start.line + 1,
		.column = (uint32_t)start.column + 1,
		.end_line = (uint32_t)end.line + 1,
		.end_column = (uint32_t)end.column + 1,
	};
}

struct origin yaml_byte_place(const struct source *source, size_t offset)
{
	struct origin at = {.source = source, .line = 1, .column = 1};
	size_t start = utf8_mark_size(source->bytes, source->length);

	for (size_t i = start; i < offset; i++)
		if (diag_ends_line(source, i)) {
			at.line++;
			start = i + 1;
		}
	if (offset > start)
		at.column += (uint32_t)utf8_count(
			source->bytes + start, offset - start);
	at.end_line = at.line;
	at.end_column = at.column + 1;
	return at;
}

static bool is_at_end(const struct yaml_text *text, yaml_mark_t mark)
{
	return mark.index >= utf8_count(text->bytes, text->length);
}

/* Behind the last character that is to be seen, not in a line below it. */
static struct origin end_place(const struct source *source)
{
	size_t length = source->length;

	while (length && strchr(" \t\r\n", source->bytes[length - 1]))
		length--;
	return yaml_byte_place(source, length);
}

/*
 * What was left open is the mistake, and not the end of the file, which may
 * be a hundred lines below; nor is the line under a key without its colon.
 */
static bool is_about_context(
	const yaml_parser_t *parser, const struct yaml_text *text)
{
	return parser->context && !is_at_end(text, parser->context_mark) &&
	       (is_at_end(text, parser->problem_mark) ||
		       !strcmp(parser->context, "while scanning a simple key"));
}

static struct origin problem_place(const yaml_parser_t *parser,
	const struct yaml_text *text, const struct source *source)
{
	yaml_mark_t mark = is_about_context(parser, text)
				   ? parser->context_mark
				   : parser->problem_mark;
	struct origin at = yaml_place(source, mark, mark);

	if (is_at_end(text, mark))
		return end_place(source);
	at.end_column++;
	return at;
}

bool yaml_syntax_error(const yaml_parser_t *parser,
	const struct yaml_text *text, const struct source *source,
	struct diags *diags)
{
	struct origin at;

	if (parser->error == YAML_READER_ERROR) {
		at = yaml_byte_place(
			source, text->skipped + parser->problem_offset);
		return diag_error(
			diags, &at, RULE_YAML_ENCODING, "%s", parser->problem);
	}
	at = problem_place(parser, text, source);
	if (is_about_context(parser, text))
		return diag_error(diags, &at, RULE_YAML_SYNTAX,
			"%s (%s that begins here)", parser->problem,
			parser->context);
	if (parser->context && !is_at_end(text, parser->context_mark))
		return diag_error(diags, &at, RULE_YAML_SYNTAX,
			"%s (%s that begins at line %zu)", parser->problem,
			parser->context, parser->context_mark.line + 1);
	return diag_error(diags, &at, RULE_YAML_SYNTAX, "%s",
		parser->problem ? parser->problem : "cannot parse");
}
