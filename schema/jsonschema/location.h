/*
 * Where a finding is, as JSON Pointers (RFC 6901): made only when there is
 * one. Private to this folder.
 */
#ifndef SCHEMA_JSONSCHEMA_LOCATION_H
#define SCHEMA_JSONSCHEMA_LOCATION_H

#include "schema/jsonschema/evaluation.h"

#include "schema/base/text.h"

/* "/health_check/url"; "" is the document itself. */
void location_instance(struct text *out, const struct instance *instance);

/*
 * The schema document, as it was added, and the keyword's place in it:
 * "bridge.schema.json#/properties/remote_port/maximum". A keyword that is NULL
 * stands for the whole schema.
 */
void location_keyword(
	struct text *out, const struct jsonschema *schema, const char *keyword);

/*
 * The pointer from a tree's root to one of its nodes. Nothing is added when it
 * is not found: aliases may make a tree too wide to look through.
 */
bool location_node(
	struct text *out, const struct node *root, const struct node *wanted);

/* One more token, with its slash. */
void location_append(struct text *out, const char *token, size_t length);

#endif
