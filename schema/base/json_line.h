/*
 * JSON objects as the control protocol, the audit log and the state files have
 * them: their texts by key, and the whole object as one line.
 */
#ifndef SCHEMA_JSON_LINE_H
#define SCHEMA_JSON_LINE_H

#include <jansson.h>

/* The text at `key`; NULL when there is none or it is not a string. */
const char *json_text(const json_t *object, const char *key);

/* The same with `otherwise` in place of NULL. */
const char *json_text_or(
	const json_t *object, const char *key, const char *otherwise);

/* The object on one line that ends in \n. The caller frees it. */
char *json_line(const json_t *object);

#endif
