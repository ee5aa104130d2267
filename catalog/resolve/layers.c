#include "catalog/resolve/layers.h"

#include <assert.h>
#include <string.h>

static void push_layer(struct layers *layers, struct layer layer)
{
	if (!layer.map)
		return;
	assert(layers->count < MAX_LAYERS);
	layers->list[layers->count++] = layer;
}

void layers_push(struct layers *layers, const struct node *map)
{
	push_layer(layers, (struct layer){.map = map});
}

void layers_push_target(struct layers *layers, const struct node *map)
{
	push_layer(layers, (struct layer){.map = map, .is_target = true});
}

void layers_push_local(struct layers *layers, const struct node *map)
{
	push_layer(layers, (struct layer){.map = map, .is_local = true});
}

/*
 * A catalog comes from others, by Git: what runs on this machine, and as whom,
 * is not for it to say.
 */
static bool only_local_sets(enum bridge_field field)
{
	return field == BRIDGE_on_event;
}

static bool target_sets(enum bridge_field field)
{
	return field == BRIDGE_host || field == BRIDGE_ssh_port ||
	       field == BRIDGE_ssh_user || field == BRIDGE_ssh_key ||
	       field == BRIDGE_host_keys || field == BRIDGE_proxy_jump;
}

/* A key, or "outer.inner"; an outer null counts for all inner keys. */
static const struct member *find_member(
	const struct node *map, const char *path)
{
	const char *dot = strchr(path, '.');
	const struct member *outer;
	char name[32];

	if (!dot)
		return node_member(map, path);
	assert((size_t)(dot - path) < sizeof(name));
	memcpy(name, path, (size_t)(dot - path));
	name[dot - path] = '\0';
	outer = node_member(map, name);
	if (!outer || outer->value->kind == NODE_NULL)
		return outer;
	return node_member(outer->value, dot + 1);
}

const struct member *layers_find(
	const struct layers *layers, enum bridge_field field)
{
	for (size_t i = 0; i < layers->count; i++) {
		const struct layer *layer = &layers->list[i];
		const struct member *member;

		if (layer->is_target && !target_sets(field))
			continue;
		if (!layer->is_local && only_local_sets(field))
			continue;
		member = find_member(layer->map, bridge_field_rows[field].path);
		if (member)
			return member;
	}
	return NULL;
}

const struct node *layers_value(
	const struct layers *layers, enum bridge_field field)
{
	const struct member *member = layers_find(layers, field);

	if (!member || member->value->kind == NODE_NULL)
		return NULL;
	return member->value;
}

const char *layers_text(
	const struct layers *layers, enum bridge_field field, const char *other)
{
	const char *text = node_string(layers_value(layers, field));

	return text ? text : other;
}

unsigned layers_port(const struct layers *layers, enum bridge_field field)
{
	const struct node *value = layers_value(layers, field);

	if (!value || value->kind != NODE_INT || value->integer < 1 ||
		value->integer > 65535)
		return 0;
	return (unsigned)value->integer;
}

void layers_of_document(struct layers *layers, const struct catalog *catalog,
	const struct document *bridge)
{
	const struct document *settings = catalog->settings;
	const struct document *target = bridge->target;

	*layers = (struct layers){.count = 0};
	layers_push(layers, bridge->valid_part);
	if (target)
		layers_push_target(layers, target->valid_part);
	if (settings)
		layers_push(layers, node_get(settings->valid_part, "defaults"));
}
