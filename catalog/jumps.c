#include "catalog/jumps.h"

#include "catalog/reference.h"

#include "schema/text.h"

#include <string.h>

enum { MAX_JUMPS = 16 };

static void add_host(json_t *list, const struct node *target)
{
	const char *user = node_string(node_get(target, "ssh_user"));
	const char *host = node_string(node_get(target, "host"));
	const struct node *port = node_get(target, "ssh_port");
	bool is_ipv6 = host && strchr(host, ':') && *host != '[';
	AUTO(text) jump = TEXT_INIT;

	if (user)
		text_format(&jump, "%s@", user);
	text_format(&jump, is_ipv6 ? "[%s]" : "%s", host ? host : "");
	if (port && port->kind == NODE_INT)
		text_format(&jump, ":%lld", (long long)port->integer);
	json_array_append_new(list, json_string(jump.data));
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

/* What is being built. */
struct jumps {
	json_t *list;
	struct catalog *catalog;
	struct diags *diags;
	unsigned depth; /* of targets that lead to targets */
};

static bool add_jumps(struct jumps *jumps, const struct node *value);

static bool add_target(
	struct jumps *jumps, const struct node *jump, struct document *target)
{
	const struct node *before;

	if (!target->valid && (target->read || !catalog_read(jumps->catalog,
						       target, jumps->diags)))
		return diag_error(jumps->diags, &jump->at,
			RULE_REFERENCE_PROXY_JUMP,
			"the proxy_jump target '%s' has errors", target->id);
	before = node_get(target->root, "proxy_jump");
	if (before && !json_array_size(jumps->list)) {
		if (jumps->depth == MAX_JUMPS)
			return diag_error(jumps->diags, &jump->at,
				RULE_PROXY_JUMP_CYCLE,
				"proxy_jump '%s' leads through more than %d "
				"targets; is it a circle?",
				target->id, MAX_JUMPS);
		jumps->depth++;
		if (!add_jumps(jumps, before))
			return false;
	}
	add_host(jumps->list, target->root);
	return true;
}

static bool add_jump(struct jumps *jumps, const struct node *jump)
{
	const char *text = node_string(jump);
	struct document *target;

	if (!text)
		return diag_error(jumps->diags, &jump->at, RULE_SCHEMA_TYPE,
			"a proxy_jump entry is not a text");
	if (!reference_jump_target(jumps->catalog, text, &target, jumps->diags))
		return false;
	if (target)
		return add_target(jumps, jump, target);
	json_array_append_new(jumps->list, json_string(text));
	return !jumps->catalog || reference_jump_is_host(text) ||
	       not_a_target(jumps->catalog, jump, jumps->diags);
}

static bool add_jumps(struct jumps *jumps, const struct node *value)
{
	const struct node *jump;

	for (size_t i = 0; (jump = reference_jump(value, i)); i++)
		if (!add_jump(jumps, jump))
			return false;
	return true;
}

json_t *jumps_resolve(
	struct catalog *catalog, const struct node *value, struct diags *diags)
{
	json_auto_t *list = json_array();
	struct jumps jumps = {.list = list, .catalog = catalog, .diags = diags};

	return add_jumps(&jumps, value) ? json_incref(list) : NULL;
}
