/*
 * A bridge from its JSON form and back: bridge.h has both.
 */
#include "schema/bridge/bridge.h"

#include "schema/base/json_line.h"
#include "schema/base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_STRINGS = 128 };

static bool set_string(char **string, const json_t *value)
{
	const char *text = json_string_value(value);

	if (!text || strlen(text) != json_string_length(value))
		return false;
	free(*string);
	*string = own_strdup(text);
	return true;
}

static bool set_number(
	unsigned *number, const json_t *value, unsigned least, unsigned most)
{
	json_int_t integer;

	if (json_is_real(value) &&
		json_real_value(value) == floor(json_real_value(value)) &&
		fabs(json_real_value(value)) <= most)
		integer = (json_int_t)json_real_value(value);
	else if (json_is_integer(value))
		integer = json_integer_value(value);
	else
		return false;
	if (integer < least || integer > most)
		return false;
	*number = (unsigned)integer;
	return true;
}

/* Up to a year, so that sums of times cannot overflow. */
static bool set_seconds(uint64_t *ms, const json_t *value)
{
	double seconds = json_number_value(value);

	if (!json_is_number(value) || !(seconds >= 0) || seconds > 31536000)
		return false;
	*ms = (uint64_t)llround(seconds * 1000);
	return true;
}

static bool set_strings(struct strings *strings, const json_t *value)
{
	struct strings fresh = {.items = NULL};
	size_t count = json_array_size(value);

	if (!json_is_array(value) || count > MAX_STRINGS)
		return false;
	fresh.items = own_realloc(NULL, count, sizeof(char *));
	for (size_t i = 0; i < count; i++) {
		fresh.items[i] = NULL;
		fresh.count = i + 1;
		if (set_string(&fresh.items[i], json_array_get(value, i)))
			continue;
		bridge_strings_release(&fresh);
		return false;
	}
	bridge_strings_release(strings);
	*strings = fresh;
	return true;
}

static bool set_field(void *at, enum field_kind kind, const json_t *value)
{
	switch (kind) {
	case FIELD_STRING:
		return set_string(at, value);
	case FIELD_PORT:
		return set_number(at, value, 1, 65535);
	case FIELD_COUNT:
		return set_number(at, value, 0, 1000000000);
	case FIELD_SECONDS:
		return set_seconds(at, value);
	case FIELD_BOOL:
		if (!json_is_boolean(value))
			return false;
		*(bool *)at = json_is_true(value);
		return true;
	case FIELD_STRINGS:
		return set_strings(at, value);
	}
	return false;
}

static const char *expected(enum field_kind kind)
{
	switch (kind) {
	case FIELD_STRING:
		return "a text";
	case FIELD_PORT:
		return "a port from 1 to 65535";
	case FIELD_COUNT:
		return "a whole number from 0";
	case FIELD_SECONDS:
		return "a number of seconds";
	case FIELD_BOOL:
		return "true or false";
	case FIELD_STRINGS:
		return "a list of at most 128 texts";
	}
	return "something else";
}

bool bridge_set(struct bridge *bridge, enum bridge_field field,
	const json_t *value, const struct origin *at, struct diags *diags)
{
	const struct field_row *row = &bridge_field_rows[field];
	AUTO_FREE char *shown = NULL;

	if (set_field(bridge_member(bridge, row->offset), row->kind, value))
		return true;
	shown = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
	return diag_error(diags, at, RULE_SCHEMA_TYPE, "'%s' is %.100s, not %s",
		row->path, shown ? shown : "nothing", expected(row->kind));
}

static json_t *strings_to_json(const struct strings *strings)
{
	json_t *list = json_array();

	for (size_t i = 0; i < strings->count; i++)
		json_array_append_new(list, json_string(strings->items[i]));
	return list;
}

static json_t *seconds_to_json(uint64_t ms)
{
	if (ms % 1000)
		return json_real((double)ms / 1000);
	return json_integer((json_int_t)(ms / 1000));
}

/* A new reference, or NULL for an absent field. */
static json_t *get_field(const void *at, enum field_kind kind)
{
	const char *string;
	unsigned number;

	switch (kind) {
	case FIELD_STRING:
		string = *(char *const *)at;
		return string ? json_string(string) : NULL;
	case FIELD_PORT:
		number = *(const unsigned *)at;
		return number ? json_integer(number) : NULL;
	case FIELD_COUNT:
		return json_integer(*(const unsigned *)at);
	case FIELD_SECONDS:
		return seconds_to_json(*(const uint64_t *)at);
	case FIELD_BOOL:
		return json_boolean(*(const bool *)at);
	case FIELD_STRINGS:
		if (!((const struct strings *)at)->count)
			return NULL;
		return strings_to_json(at);
	}
	return NULL;
}

/* The map a dotted path lies in, made if need be, and its last part. */
static json_t *descend(json_t *map, const char **path)
{
	const char *dot = strchr(*path, '.');
	json_t *inner;

	if (!dot)
		return map;
	inner = json_object_getn(map, *path, (size_t)(dot - *path));
	if (!inner) {
		inner = json_object();
		json_object_setn_new(map, *path, (size_t)(dot - *path), inner);
	}
	*path = dot + 1;
	return inner;
}

static bool is_health_field(enum bridge_field field)
{
	return !strncmp(bridge_field_rows[field].path, "health_check.", 13);
}

json_t *bridge_to_json(const struct bridge *bridge, bool origins)
{
	json_t *json = json_object();
	json_t *set_by = json_object();

	for (size_t i = 0; i < BRIDGE_IDENTITIES; i++) {
		const char *text = *(char **)bridge_member(
			bridge, bridge_identities[i].offset);

		if (text)
			json_object_set_new(json, bridge_identities[i].key,
				json_string(text));
	}
	json_object_set_new(json, "source",
		json_string(bridge->source == BRIDGE_FROM_INLINE ? "inline"
								 : "catalog"));
	for (size_t i = 0; i < BRIDGE_FIELDS; i++) {
		const struct field_row *row = &bridge_field_rows[i];
		const char *path = row->path;
		json_t *place;
		json_t *value;

		if (is_health_field((enum bridge_field)i) &&
			!bridge->health_url)
			continue;
		value = get_field(
			bridge_member(bridge, row->offset), row->kind);
		if (!value)
			continue;
		if (bridge->set_by[i])
			json_object_set_new(
				set_by, path, json_string(bridge->set_by[i]));
		place = descend(json, &path);
		json_object_set_new(place, path, value);
	}
	if (origins)
		json_object_set(json, "origins", set_by);
	json_decref(set_by);
	return json;
}

json_t *bridge_json_field(const json_t *json, enum bridge_field field)
{
	const char *path = bridge_field_rows[field].path;
	const char *dot = strchr(path, '.');

	if (!dot)
		return json_object_get(json, path);
	json = json_object_getn(json, path, (size_t)(dot - path));
	return json_object_get(json, dot + 1);
}

static void set_defaults(struct bridge *bridge)
{
	for (size_t i = 0; i < BRIDGE_FIELDS; i++) {
		const struct field_row *row = &bridge_field_rows[i];
		json_auto_t *value = NULL;

		if (!row->fallback)
			continue;
		value = json_loads(row->fallback, JSON_DECODE_ANY, NULL);
		set_field(bridge_member(bridge, row->offset), row->kind, value);
	}
}

bool bridge_from_json(
	struct bridge *bridge, const json_t *json, struct diags *diags)
{
	const char *source = json_text(json, "source");

	if (!json_is_object(json))
		return diag_error(diags, NULL, RULE_SCHEMA_TYPE,
			"a bridge must be a JSON object");
	set_defaults(bridge);
	for (size_t i = 0; i < BRIDGE_IDENTITIES; i++) {
		const json_t *value = json_object_get(
			json, bridge_identities[i].key);

		if (value && !set_string(bridge_member(bridge,
						 bridge_identities[i].offset),
				     value))
			return diag_error(diags, NULL, RULE_SCHEMA_TYPE,
				"'%s' is not a text", bridge_identities[i].key);
	}
	bridge->source = source && !strcmp(source, "catalog")
				 ? BRIDGE_FROM_CATALOG
				 : BRIDGE_FROM_INLINE;
	for (size_t i = 0; i < BRIDGE_FIELDS; i++) {
		const json_t *value = bridge_json_field(
			json, (enum bridge_field)i);

		if (value && !bridge_set(bridge, (enum bridge_field)i, value,
				     NULL, diags))
			return false;
	}
	return bridge_check(bridge, diags);
}
