/*
 * What a schema becomes: no keyword is looked up by name when a document is
 * validated. Internal to this folder.
 */
#ifndef SCHEMA_JSONSCHEMA_COMPILED_H
#define SCHEMA_JSONSCHEMA_COMPILED_H

#include "schema/jsonschema/format/formats.h"
#include "schema/jsonschema/jsonschema.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct regex;

/* Each is looked for among all. */
enum { MAX_RESOURCES = 1000 };

/* A schema document or one embedded in another by $id: what URIs name. */
struct jsonschema_resource {
	struct jsonschema_resource *next;
	struct jsonschema_resource *document; /* the outermost around it */
	const char *uri;                      /* absolute, without a fragment */
	const char *retrieved;                /* what it was added as */
	const struct node *root;
	size_t number; /* how many there are in the set, with this one */
	struct anchor *anchors;
	bool used;             /* something in it was compiled */
	bool duplicate;        /* another has the same $id */
	bool formats;          /* are asserted */
	unsigned vocabularies; /* bits of 1 << enum vocabulary */
};

struct anchor {
	struct anchor *next;
	const char *name;
	const struct node *node;
	bool dynamic;
	bool duplicate; /* another in the resource has the same name */
	struct jsonschema *schema; /* of dynamic ones, once compiled */
};

struct named_schema {
	const char *name;
	size_t length;
	struct jsonschema *schema;
	const struct node *keys; /* of `dependencies`, instead of a schema */
};

struct pattern_schema {
	const struct regex *regex;
	struct jsonschema *schema;
};

/* Sorted by name. */
struct named_list {
	struct named_schema *list;
	size_t count;
};

struct pattern_list {
	struct pattern_schema *list;
	size_t count;
};

struct schema_list {
	struct jsonschema **list;
	size_t count;
};

/* Absent numbers are NULL, absent limits -1. */
struct jsonschema {
	struct jsonschema *next;    /* all of the set, by chain in a bucket */
	struct jsonschema *pending; /* while it waits to be read */
	const bool *failed; /* the run that compiled it found a mistake */
	const struct node *node;
	struct jsonschema_resource *resource;
	bool cite;      /* findings name its source */
	bool never;     /* the schema `false` */
	bool tracks;    /* has unevaluatedProperties or unevaluatedItems */
	unsigned types; /* bits of 1 << enum schema_type; 0: any */
	const struct node *constant;
	const struct node *choices; /* enum */
	const struct node *minimum, *maximum;
	const struct node *exclusive_minimum, *exclusive_maximum;
	const struct node *multiple_of;
	int64_t min_length, max_length, min_items, max_items;
	int64_t min_properties, max_properties, min_contains, max_contains;
	bool unique;
	const struct regex *pattern;
	const struct format *format; /* where formats are asserted */
	const char *message;         /* x-message: explains the pattern */
	const struct node *required;
	const struct node *dependent_required;
	struct named_list properties, dependents, dependencies;
	struct pattern_list patterns;
	struct jsonschema *additional, *names, *unevaluated_properties;
	struct schema_list prefix;
	struct jsonschema *items, *contains, *unevaluated_items;
	struct schema_list all_of, any_of, one_of;
	struct jsonschema *not_, *if_, *then_, *else_;
	struct jsonschema *ref;
	struct jsonschema *dynamic_ref;
	const char *dynamic_name; /* the anchor to look for, or NULL */
};

enum schema_type {
	TYPE_NULL,
	TYPE_BOOLEAN,
	TYPE_INTEGER,
	TYPE_NUMBER,
	TYPE_STRING,
	TYPE_ARRAY,
	TYPE_OBJECT,
	TYPE_COUNT
};

extern const char *const schema_type_names[TYPE_COUNT];

/* resource.c: URIs, $id, anchors, references. */

/* RFC 3986, section 5.2; in the arena. The fragment is kept. */
const char *resource_resolve_uri(
	struct arena *arena, const char *base_text, const char *text);

/* Learn every $id and anchor below node. */
void resource_index(struct jsonschema_set *set, const struct node *node,
	struct jsonschema_resource *resource);

struct jsonschema_resource *resource_add(
	struct jsonschema_set *set, const char *uri, const struct node *root);

/* The resource that begins at this node, or NULL. */
struct jsonschema_resource *resource_at(
	const struct jsonschema_set *set, const struct node *node);

struct anchor *resource_anchor(
	const struct jsonschema_resource *resource, const char *name);

struct reference {
	const struct node *node;
	struct jsonschema_resource *resource;
	struct anchor *anchor; /* when the fragment names one */
};

/* False when there is nothing by that URI. Loads our metaschema at need. */
bool resource_find(struct jsonschema_set *set, struct jsonschema_resource *base,
	const char *text, struct reference *found);

/* metaschema.c: the draft's own metaschema as a tree. */
const struct node *metaschema_root(struct arena *arena);
#define METASCHEMA_URI "https://json-schema.org/draft/2020-12/schema"

/* value.c */
bool value_has_type(unsigned types, const struct node *node);
bool value_is_number(const struct node *node);
int value_compare(const struct node *a, const struct node *b);
bool value_is_multiple(const struct node *value, const struct node *of);
bool value_items_are_unique(const struct node *list);

#endif
