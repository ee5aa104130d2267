#include "catalog/store/severities.h"

#include "schema/base/suggest.h"

#include <string.h>

static const char *const severities[] = {
	[SEVERITY_NOTE] = "note",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_ERROR] = "error",
	[SEVERITY_OFF] = "off",
};

static bool unknown_rule(const struct member *member, struct diags *diags)
{
	const char *id = member->key->string.bytes;
	const char *ids[RULE_COUNT];
	const char *near;
	char shown[NODE_SHOWN_SIZE];

	for (size_t i = 0; i < RULE_COUNT; i++)
		ids[i] = rule_rows[i].id;
	near = suggest_nearest(id, ids, RULE_COUNT);
	return diag_error(diags, &member->key->at, RULE_SCHEMA_ENUM,
		"there is no rule '%s'%s%s%s",
		node_show(shown, member->key, NODE_MOST_SHOWN),
		near ? "; did you mean '" : "", near ? near : "",
		near ? "'?" : "");
}

static bool configure(const struct catalog *catalog,
	const struct member *member, struct diags *diags)
{
	const char *id = node_string(member->key);
	const char *severity = node_string(member->value);
	enum rule rule = id ? rule_find(id) : RULE_COUNT;

	if (rule == RULE_COUNT)
		return catalog->configured || unknown_rule(member, diags);
	for (size_t i = 0; severity && i < COUNT(severities); i++)
		if (!strcmp(severity, severities[i]))
			diags_set_severity(diags, rule, (enum severity)i);
	return true;
}

bool severities_configure(struct catalog *catalog, struct diags *diags)
{
	const struct node *rules = NULL;
	bool good = true;

	if (catalog->settings)
		rules = node_get(catalog->settings->root, "rules");
	if (rules && rules->kind == NODE_MAP)
		for (size_t i = 0; i < rules->map.count; i++)
			good &= configure(
				catalog, &rules->map.members[i], diags);
	catalog->configured = true;
	return good;
}
