/*
 * The keywords of a schema, as a table (keywords.def) that serves the indexer,
 * the compiler and whoever looks for a misspelt one. Private to this folder.
 */
#ifndef SCHEMA_JSONSCHEMA_KEYWORD_H
#define SCHEMA_JSONSCHEMA_KEYWORD_H

#include "schema/yaml/node.h"

enum vocabulary {
	VOCABULARY_CORE,
	VOCABULARY_APPLICATOR,
	VOCABULARY_UNEVALUATED,
	VOCABULARY_VALIDATION,
	VOCABULARY_FORMAT, /* format-annotation or format-assertion */
	VOCABULARY_CONTENT,
	VOCABULARY_META_DATA,
	VOCABULARIES
};

enum shape {
	SHAPE_ANYTHING,
	SHAPE_ANCHOR,
	SHAPE_BOOLEAN,
	SHAPE_DEPENDENCIES, /* a map of schemas or lists of keys */
	SHAPE_DYNAMIC_REFERENCE,
	SHAPE_FORMAT,
	SHAPE_ID,
	SHAPE_KEYS,
	SHAPE_KEYS_MAP,
	SHAPE_LIST,
	SHAPE_NUMBER,
	SHAPE_PATTERN_MAP,
	SHAPE_POSITIVE,
	SHAPE_REFERENCE,
	SHAPE_REGEX,
	SHAPE_SCHEMA,
	SHAPE_SCHEMA_LIST,
	SHAPE_SCHEMA_MAP,
	SHAPE_SIZE,
	SHAPE_TEXT,
	SHAPE_TYPES,
	SHAPE_VOCABULARY,
};

struct keyword {
	const char *name;
	size_t length;
	enum vocabulary vocabulary;
	enum shape shape;
	ptrdiff_t field; /* offset in struct jsonschema; -1: nowhere */
};

/* NULL when there is none of that name. */
const struct keyword *keyword_find(const char *name, size_t length);

/* The nearest keyword's name, or NULL. */
const char *keyword_nearest(const char *name);

/*
 * Does the value look as the keyword wants it? Otherwise *at is the part that
 * does not, and the answer what it must be: "a whole number from 0". What a
 * schema inside looks like is not asked.
 */
const char *keyword_wants(const struct keyword *keyword,
	const struct node *value, const struct node **at);

/* The bit of a type's name (1 << TYPE_STRING), or 0. */
unsigned keyword_type(const struct node *name);

#endif
