#include "catalog/resolve/proxy_jump.h"

#include "catalog/resolve/field_values.h"
#include "catalog/store/catalog.h"
#include "catalog/store/reference.h"

#include "schema/base/text.h"

#include <string.h>

enum { MAX_JUMPS = 16 };

/* What is being built. */
struct building {
	struct proxy_jump *jumps;
	struct catalog *catalog;
	struct diags *diags;
	unsigned depth; /* of targets that lead to targets */
};

/* What a jump host's own document says of it: `hop` counts from 1. */
static void add_fact(json_t *list, size_t hop, const char *fact)
{
	AUTO(text) text = TEXT_INIT;

	text_format(&text, "%zu %s", hop, fact);
	json_array_append_new(list, json_string(text.data));
}

static void add_host_keys(json_t *list, size_t hop, const struct node *keys)
{
	for (size_t i = 0;
		keys && keys->kind == NODE_LIST && i < keys->list.count; i++) {
		const char *key = node_string(keys->list.items[i]);

		if (key)
			add_fact(list, hop, key);
	}
}

static bool add_host(struct building *building, const struct node *target)
{
	const char *user = node_string(node_get(target, "ssh_user"));
	const char *host = node_string(node_get(target, "host"));
	const struct node *port = node_get(target, "ssh_port");
	const struct node *key = node_get(target, "ssh_key");
	bool is_ipv6 = host && strchr(host, ':') && *host != '[';
	json_auto_t *path = NULL;
	AUTO(text) jump = TEXT_INIT;
	size_t hop;

	if (user)
		text_format(&jump, "%s@", user);
	text_format(&jump, is_ipv6 ? "[%s]" : "%s", host ? host : "");
	if (port && port->kind == NODE_INT)
		text_format(&jump, ":%lld", (long long)port->integer);
	json_array_append_new(building->jumps->hosts, json_string(jump.data));
	hop = json_array_size(building->jumps->hosts);
	add_host_keys(
		building->jumps->host_keys, hop, node_get(target, "host_keys"));
	if (!node_string(key))
		return true;
	path = field_values_ssh_key(key, building->diags);
	if (!path)
		return false;
	add_fact(building->jumps->ssh_keys, hop, json_string_value(path));
	return true;
}

static bool not_a_target(
	struct catalog *catalog, const struct node *jump, struct diags *diags)
{
	AUTO(text) near = TEXT_INIT;

	reference_suggest(&near, catalog, DOCUMENT_TARGET, jump->string.bytes);
	return diag_report(diags, &jump->at, RULE_REFERENCE_PROXY_JUMP,
		"proxy_jump '%s' is no target%s", jump->string.bytes,
		near.data);
}

static bool add_jumps(struct building *building, const struct node *value);

static bool add_target(struct building *building, const struct node *jump,
	struct document *target)
{
	const struct node *before;

	if (!target->valid &&
		(target->read || !catalog_read(building->catalog, target,
					 building->diags)))
		return diag_error(building->diags, &jump->at,
			RULE_REFERENCE_PROXY_JUMP,
			"the proxy_jump target '%s' has errors", target->id);
	before = node_get(target->root, "proxy_jump");
	if (before && !json_array_size(building->jumps->hosts)) {
		if (building->depth == MAX_JUMPS)
			return diag_error(building->diags, &jump->at,
				RULE_PROXY_JUMP_CYCLE,
				"proxy_jump '%s' leads through more than %d "
				"targets; is it a circle?",
				target->id, MAX_JUMPS);
		building->depth++;
		if (!add_jumps(building, before))
			return false;
	}
	return add_host(building, target->root);
}

static bool add_jump(struct building *building, const struct node *jump)
{
	const char *text = node_string(jump);
	struct document *target;

	if (!text)
		return diag_error(building->diags, &jump->at, RULE_SCHEMA_TYPE,
			"a proxy_jump entry is not a text");
	if (!reference_jump_target(
		    building->catalog, text, &target, building->diags))
		return false;
	if (target)
		return add_target(building, jump, target);
	json_array_append_new(building->jumps->hosts, json_string(text));
	return !building->catalog || reference_jump_is_host(text) ||
	       not_a_target(building->catalog, jump, building->diags);
}

static bool add_jumps(struct building *building, const struct node *value)
{
	const struct node *jump;

	for (size_t i = 0; (jump = reference_jump(value, i)); i++)
		if (!add_jump(building, jump))
			return false;
	return true;
}

bool proxy_jump_resolve(struct proxy_jump *jumps, struct catalog *catalog,
	const struct node *value, struct diags *diags)
{
	struct building building = {
		.jumps = jumps, .catalog = catalog, .diags = diags};

	*jumps = (struct proxy_jump){.hosts = json_array(),
		.host_keys = json_array(),
		.ssh_keys = json_array()};
	return add_jumps(&building, value);
}

void proxy_jump_release(struct proxy_jump *jumps)
{
	json_decref(jumps->hosts);
	json_decref(jumps->host_keys);
	json_decref(jumps->ssh_keys);
	*jumps = (struct proxy_jump)PROXY_JUMP_INIT;
}
