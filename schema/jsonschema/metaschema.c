#include "schema/jsonschema/compiled.h"

#include "schema/yaml/parse.h"

#include <string.h>

/*
 * What a schema of draft 2020-12 may look like, all vocabularies in one
 * document, in our own words: enough to be referred to and to judge schemas
 * that come from elsewhere. Flow YAML, so that it needs no second parser.
 */
static const char text[] =
	"{$schema: '" METASCHEMA_URI "', $id: '" METASCHEMA_URI "',\n"
	"$dynamicAnchor: meta, type: [object, boolean], properties: {\n"
	"$id: {type: string, pattern: '^[^#]*#?$'},\n"
	"$schema: {type: string}, $ref: {type: string},\n"
	"$anchor: {$ref: '#/$defs/anchor'}, $dynamicRef: {type: string},\n"
	"$dynamicAnchor: {$ref: '#/$defs/anchor'}, $comment: {type: string},\n"
	"$vocabulary: {type: object, additionalProperties: {type: boolean}},\n"
	"$defs: {$ref: '#/$defs/schemas'},\n"
	"definitions: {$ref: '#/$defs/schemas'},\n"
	"prefixItems: {$ref: '#/$defs/list'},\n"
	"items: {$dynamicRef: '#meta'}, contains: {$dynamicRef: '#meta'},\n"
	"additionalProperties: {$dynamicRef: '#meta'},\n"
	"properties: {$ref: '#/$defs/schemas'},\n"
	"patternProperties: {$ref: '#/$defs/schemas'},\n"
	"dependentSchemas: {$ref: '#/$defs/schemas'},\n"
	"propertyNames: {$dynamicRef: '#meta'}, if: {$dynamicRef: '#meta'},\n"
	"then: {$dynamicRef: '#meta'}, else: {$dynamicRef: '#meta'},\n"
	"allOf: {$ref: '#/$defs/list'}, anyOf: {$ref: '#/$defs/list'},\n"
	"oneOf: {$ref: '#/$defs/list'}, not: {$dynamicRef: '#meta'},\n"
	"unevaluatedItems: {$dynamicRef: '#meta'},\n"
	"unevaluatedProperties: {$dynamicRef: '#meta'},\n"
	"type: {anyOf: [{$ref: '#/$defs/type'}, {type: array, minItems: 1,\n"
	"  uniqueItems: true, items: {$ref: '#/$defs/type'}}]},\n"
	"enum: {type: array}, multipleOf: {type: number,\n"
	"  exclusiveMinimum: 0}, maximum: {type: number},\n"
	"exclusiveMaximum: {type: number}, minimum: {type: number},\n"
	"exclusiveMinimum: {type: number}, maxLength: {$ref: '#/$defs/n'},\n"
	"minLength: {$ref: '#/$defs/n'}, pattern: {type: string},\n"
	"maxItems: {$ref: '#/$defs/n'}, minItems: {$ref: '#/$defs/n'},\n"
	"uniqueItems: {type: boolean}, maxContains: {$ref: '#/$defs/n'},\n"
	"minContains: {$ref: '#/$defs/n'}, maxProperties: {$ref: '#/$defs/n'},\n"
	"minProperties: {$ref: '#/$defs/n'}, required: {$ref: '#/$defs/keys'},\n"
	"dependentRequired: {type: object,\n"
	"  additionalProperties: {$ref: '#/$defs/keys'}},\n"
	"title: {type: string}, description: {type: string},\n"
	"deprecated: {type: boolean}, readOnly: {type: boolean},\n"
	"writeOnly: {type: boolean}, examples: {type: array},\n"
	"format: {type: string}, contentEncoding: {type: string},\n"
	"contentMediaType: {type: string},\n"
	"contentSchema: {$dynamicRef: '#meta'}},\n"
	"$defs: {anchor: {type: string, pattern: '^[A-Za-z_][-A-Za-z0-9._]*$'},\n"
	"schemas: {type: object, additionalProperties: {$dynamicRef: '#meta'}},\n"
	"list: {type: array, minItems: 1, items: {$dynamicRef: '#meta'}},\n"
	"n: {type: integer, minimum: 0},\n"
	"keys: {type: array, uniqueItems: true, items: {type: string}},\n"
	"type: {enum: [array, boolean, integer, 'null', number, object,\n"
	"  string]}}}\n";

const struct node *metaschema_root(struct arena *arena)
{
	static const struct source source = {
		.path = METASCHEMA_URI,
		.bytes = text,
		.length = sizeof(text) - 1,
	};
	AUTO(diags) diags = DIAGS_INIT;

	return yaml_parse(arena, &source, &diags);
}
