/*
 * Where libyaml's marks are in a document, and its errors as findings.
 * Internal to yaml*.c.
 */
#ifndef SCHEMA_YAML_ERROR_H
#define SCHEMA_YAML_ERROR_H

#include "schema/diag/diag.h"
#include "schema/yaml/input.h"

#include <yaml.h>

struct origin yaml_place(
	const struct source *source, yaml_mark_t start, yaml_mark_t end);

/* The line and column of a byte; a byte order mark is no column. */
struct origin yaml_byte_place(const struct source *source, size_t offset);

/* What the parser has stopped at; always false. */
bool yaml_syntax_error(const yaml_parser_t *parser,
	const struct yaml_text *text, const struct source *source,
	struct diags *diags);

#endif
