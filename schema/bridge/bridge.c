#include "schema/bridge/bridge.h"

#include <stdlib.h>
#include <string.h>

const struct field_row bridge_field_rows[BRIDGE_FIELDS] = {
#define FIELD(kind, member, path, fallback)                                    \
	[BRIDGE_##member] = {FIELD_##kind, offsetof(struct bridge, member),    \
		path, fallback},
#include "schema/bridge/fields.def"
#undef FIELD
};

const struct bridge_identity bridge_identities[BRIDGE_IDENTITIES] = {
	{"name", offsetof(struct bridge, name)},
	{"origin", offsetof(struct bridge, origin)},
	{"revision", offsetof(struct bridge, revision)},
	{"shadows", offsetof(struct bridge, shadows)},
	{"domain", offsetof(struct bridge, domain)},
	{"actor_class", offsetof(struct bridge, actor_class)},
};

void bridge_strings_release(struct strings *strings)
{
	for (size_t i = 0; i < strings->count; i++)
		free(strings->items[i]);
	free(strings->items);
	*strings = (struct strings){.items = NULL};
}

void bridge_release(struct bridge *bridge)
{
	for (size_t i = 0; i < BRIDGE_IDENTITIES; i++)
		free(*(char **)bridge_member(
			bridge, bridge_identities[i].offset));
	for (size_t i = 0; i < BRIDGE_FIELDS; i++) {
		const struct field_row *row = &bridge_field_rows[i];

		if (row->kind == FIELD_STRING)
			free(*(char **)bridge_member(bridge, row->offset));
		if (row->kind == FIELD_STRINGS)
			bridge_strings_release(
				bridge_member(bridge, row->offset));
		free(bridge->set_by[i]);
	}
	*bridge = (struct bridge)BRIDGE_INIT;
}

const char *bridge_of_jump(const char *item, size_t hop)
{
	char *end;
	unsigned long number = strtoul(item, &end, 10);

	if (*item < '1' || *item > '9' || *end != ' ' || number != hop + 1)
		return NULL;
	return end + 1;
}

bool bridge_leads_to_socket(const struct bridge *bridge)
{
	return bridge->local_host && bridge->local_host[0] == '/';
}

bool bridge_checks_remotely(const struct bridge *bridge)
{
	return bridge->health_url && !strcmp(bridge->health_from, "remote");
}

void bridges_release(struct bridges *bridges)
{
	for (size_t i = 0; i < bridges->count; i++)
		bridge_release(&bridges->list[i]);
	free(bridges->list);
	*bridges = (struct bridges)BRIDGES_INIT;
}

struct bridge *bridges_add(struct bridges *bridges)
{
	bridges->list = own_grow(bridges->list, bridges->count,
		&bridges->capacity, sizeof(*bridges->list));
	bridges->list[bridges->count] = (struct bridge)BRIDGE_INIT;
	return &bridges->list[bridges->count++];
}
