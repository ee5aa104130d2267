#include "schema/yaml/node_json.h"

#include <math.h>
#include <string.h>

static struct node *list_from_json(struct arena *arena, const json_t *value)
{
	struct node *node = node_new(arena, NODE_LIST, NULL);
	size_t count = json_array_size(value);

	node->list.count = count;
	node->list.items = arena_alloc(arena, count * sizeof(struct node *));
	for (size_t i = 0; i < count; i++)
		node->list.items[i] = node_from_json(
			arena, json_array_get(value, i));
	return node;
}

static struct node *map_from_json(struct arena *arena, const json_t *value)
{
	struct node *node = node_new(arena, NODE_MAP, NULL);
	struct member *member;
	void *iterator;

	node->map.count = (uint32_t)json_object_size(value);
	node->map.members = arena_alloc(
		arena, node->map.count * sizeof(struct member));
	member = node->map.members;
	for (iterator = json_object_iter((json_t *)(uintptr_t)value); iterator;
		iterator = json_object_iter_next(
			(json_t *)(uintptr_t)value, iterator)) {
		member->key = node_new_string(arena,
			json_object_iter_key(iterator),
			json_object_iter_key_len(iterator), NULL);
		member->value = node_from_json(
			arena, json_object_iter_value(iterator));
		member++;
	}
	node_index(arena, node);
	return node;
}

struct node *node_from_json(struct arena *arena, const json_t *value)
{
	struct node *node;

	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return map_from_json(arena, value);
	case JSON_ARRAY:
		return list_from_json(arena, value);
	case JSON_STRING:
		return node_new_string(arena, json_string_value(value),
			json_string_length(value), NULL);
	case JSON_INTEGER:
		node = node_new(arena, NODE_INT, NULL);
		node->integer = json_integer_value(value);
		return node;
	case JSON_REAL:
		node = node_new(arena, NODE_FLOAT, NULL);
		node->number = json_real_value(value);
		return node;
	case JSON_TRUE:
	case JSON_FALSE:
		node = node_new(arena, NODE_BOOL, NULL);
		node->boolean = json_is_true(value);
		return node;
	case JSON_NULL:
		break;
	}
	return node_new(arena, NODE_NULL, NULL);
}

json_t *node_to_json(const struct node *node)
{
	json_t *json;

	switch (node->kind) {
	case NODE_NULL:
		return json_null();
	case NODE_BOOL:
		return json_boolean(node->boolean);
	case NODE_INT:
		return json_integer(node->integer);
	case NODE_FLOAT:
		json = isfinite(node->number) ? json_real(node->number) : NULL;
		return json ? json : json_null();
	case NODE_STRING:
		json = json_stringn(node->string.bytes, node->string.length);
		return json ? json : json_null();
	case NODE_LIST:
		json = json_array();
		for (size_t i = 0; i < node->list.count; i++)
			json_array_append_new(
				json, node_to_json(node->list.items[i]));
		return json;
	case NODE_MAP:
		json = json_object();
		for (size_t i = 0; i < node->map.count; i++)
			json_object_setn_new(json,
				node->map.members[i].key->string.bytes,
				node->map.members[i].key->string.length,
				node_to_json(node->map.members[i].value));
		return json;
	}
	return json_null();
}
