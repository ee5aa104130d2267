#include "catalog/resolve/fields.h"

#include "catalog/resolve/config.h"
#include "catalog/resolve/field_values.h"
#include "catalog/resolve/proxy_jump.h"

#include "schema/base/text.h"
#include "schema/yaml/node_json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static json_t *expect_status(const struct node *value)
{
	AUTO_FREE char *list = field_values_expect_status(value);

	return json_string(list);
}

/* The command may be written with "~/". */
static json_t *command(const struct node *value)
{
	json_t *list = node_to_json(value);
	const char *first = json_string_value(json_array_get(list, 0));
	AUTO_FREE char *expanded = first ? config_expand_home(first) : NULL;

	if (expanded)
		json_array_set_new(list, 0, json_string(expanded));
	return list;
}

/* The field's JSON form; NULL after an error. */
static json_t *convert(
	enum bridge_field field, const struct node *value, struct diags *diags)
{
	if (field == BRIDGE_ssh_key)
		return field_values_ssh_key(value, diags);
	if (field == BRIDGE_health_expect_status)
		return expect_status(value);
	if (field == BRIDGE_on_event)
		return command(value);
	return node_to_json(value);
}

static bool set_default(
	struct bridge *bridge, enum bridge_field field, struct diags *diags)
{
	const char *fallback = bridge_field_rows[field].fallback;
	json_auto_t *value = NULL;

	if (!fallback)
		return true;
	value = json_loads(fallback, JSON_DECODE_ANY, NULL);
	bridge->set_by[field] = own_strdup("default");
	return bridge_set(bridge, field, value, NULL, diags);
}

/* proxy_jump, and what the targets that it names say of themselves. */
static bool fill_jumps(struct bridge *bridge, const struct layers *layers,
	struct catalog *catalog, struct diags *diags)
{
	const struct member *member = layers_find(layers, BRIDGE_proxy_jump);
	AUTO(proxy_jump) jumps = PROXY_JUMP_INIT;
	const struct {
		enum bridge_field field;
		json_t *const *list;
	} lists[] = {
		{BRIDGE_proxy_jump, &jumps.hosts},
		{BRIDGE_jump_host_keys, &jumps.host_keys},
		{BRIDGE_jump_ssh_keys, &jumps.ssh_keys},
	};

	if (!member || member->value->kind == NODE_NULL)
		return true;
	if (!proxy_jump_resolve(&jumps, catalog, member->value, diags))
		return false;
	for (size_t i = 0; i < COUNT(lists); i++) {
		bridge->set_by[lists[i].field] = field_values_place(
			&member->key->at);
		if (!bridge_set(bridge, lists[i].field, *lists[i].list,
			    &member->value->at, diags))
			return false;
	}
	return true;
}

static bool is_of_jumps(enum bridge_field field)
{
	return field == BRIDGE_jump_host_keys || field == BRIDGE_jump_ssh_keys;
}

static bool fill_field(struct bridge *bridge, enum bridge_field field,
	const struct layers *layers, struct catalog *catalog,
	struct diags *diags)
{
	const struct member *member = layers_find(layers, field);
	json_auto_t *value = NULL;

	if (field == BRIDGE_proxy_jump)
		return fill_jumps(bridge, layers, catalog, diags);
	if (is_of_jumps(field))
		return true;
	if (!member || member->value->kind == NODE_NULL)
		return set_default(bridge, field, diags);
	value = convert(field, member->value, diags);
	bridge->set_by[field] = field_values_place(&member->key->at);
	return value &&
	       bridge_set(bridge, field, value, &member->value->at, diags);
}

/* What no bridge runs without. */
static bool lacks_field(const struct bridge *bridge, enum bridge_field field)
{
	return (field == BRIDGE_host && !bridge->host) ||
	       (field == BRIDGE_remote_port && !bridge->remote_port) ||
	       (field == BRIDGE_local_port && !bridge->local_port &&
		       !bridge_leads_to_socket(bridge)) ||
	       (field == BRIDGE_ssh_user && !bridge->ssh_user) ||
	       (field == BRIDGE_ssh_key && !bridge->ssh_key) ||
	       (field == BRIDGE_actor && !bridge->actor);
}

static bool report_missing(const struct bridge *bridge, enum bridge_field field,
	const struct origin *definition, struct diags *diags)
{
	bool from_target = field == BRIDGE_host || field == BRIDGE_ssh_user ||
			   field == BRIDGE_ssh_key;

	return diag_error(diags, definition, RULE_BRIDGE_INCOMPLETE,
		"bridge '%s' has no %s; set it here%s%s or in `defaults`",
		bridge->name, bridge_field_rows[field].path,
		from_target && bridge->target ? ", in target " : "",
		from_target && bridge->target ? bridge->target : "");
}

bool fields_fill(struct bridge *bridge, const struct layers *layers,
	struct catalog *catalog, const struct origin *definition,
	struct diags *diags)
{
	bool good = true;

	for (int i = 0; i < BRIDGE_FIELDS; i++) {
		enum bridge_field field = (enum bridge_field)i;

		if (!fill_field(bridge, field, layers, catalog, diags))
			good = false;
		else if (lacks_field(bridge, field))
			good = report_missing(bridge, field, definition, diags);
	}
	return good;
}
