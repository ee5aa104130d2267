/*
 * messages SCHEMA: each line of standard input is a JSON array of a
 * definition's name and a message; is the message what the definition says?
 * SCHEMA is one of the Model Context Protocol's, a file for each version.
 */
#include "schema/base/text.h"
#include "schema/jsonschema/jsonschema.h"
#include "schema/yaml/node_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The whole document, with a reference to one of its definitions on top. */
static struct jsonschema *compile(
	struct jsonschema_set *set, const json_t *document, const char *name)
{
	const char *folder = json_object_get(document, "$defs") ? "$defs"
								: "definitions";
	json_t *root = json_copy((json_t *)(uintptr_t)document);
	AUTO(text) reference = TEXT_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	struct jsonschema *schema;

	if (!json_object_get(json_object_get(document, folder), name)) {
		fprintf(stderr, "messages: the schema defines no %s\n", name);
		exit(2);
	}
	/* draft-07 for the oldest: nothing in it reads differently. */
	json_object_del(root, "$schema");
	text_format(&reference, "#/%s/%s", folder, name);
	json_object_set_new(root, "$ref", json_string(reference.data));
	schema = jsonschema_compile(
		set, NULL, node_from_json(&set->arena, root), &diags);
	if (!schema) {
		fprintf(stderr, "messages: %s\n", diags.list[0].message);
		exit(2);
	}
	json_decref(root);
	return schema;
}

static bool check(struct jsonschema_set *set, json_t *schemas,
	const json_t *document, const json_t *line)
{
	const char *name = json_string_value(json_array_get(line, 0));
	const json_t *message = json_array_get(line, 1);
	json_t *known = json_object_get(schemas, name);
	AUTO(arena) arena = ARENA_INIT;
	AUTO(diags) diags = DIAGS_INIT;

	if (!known) {
		known = json_integer(
			(json_int_t)(uintptr_t)compile(set, document, name));
		json_object_set_new(schemas, name, known);
	}
	if (jsonschema_validate(
		    (struct jsonschema *)(uintptr_t)json_integer_value(known),
		    node_from_json(&arena, message), &diags))
		return true;
	for (size_t i = 0; i < diags.count; i++)
		printf("%s: %s at '%s'\n", name, diags.list[i].message,
			diags.list[i].instance ? diags.list[i].instance : "");
	printf("\t%.1000s\n", json_dumps(message, JSON_COMPACT));
	return false;
}

int main(int argc, char **argv)
{
	AUTO(jsonschema_set) set = JSONSCHEMA_SET_INIT;
	json_auto_t *document = argc == 2 ? json_load_file(argv[1], 0, NULL)
					  : NULL;
	json_auto_t *schemas = json_object();
	bool fine = true;
	size_t count = 0;
	char *line = NULL;
	size_t size = 0;

	if (!document) {
		fputs("usage: messages SCHEMA <LINES\n", stderr);
		return 2;
	}
	while (getline(&line, &size, stdin) > 0) {
		json_auto_t *json = json_loads(line, 0, NULL);

		fine &= check(&set, schemas, document, json);
		count++;
	}
	free(line);
	printf("%zu messages\n", count);
	return fine ? 0 : 1;
}
