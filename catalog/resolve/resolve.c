#include "catalog/resolve/resolve.h"

#include "catalog/resolve/define_bridge.h"
#include "catalog/store/list.h"

#include <stdlib.h>
#include <string.h>

/* The inline tunnel of this name; *usable is false after a finding. */
static const struct member *find_inline(struct resolver *resolver,
	const char *name, bool *usable, struct diags *diags)
{
	const struct member *tunnel = config_tunnel(
		&resolver->config, name, usable);

	if (tunnel && !*usable)
		diag_error(diags, &tunnel->key->at, RULE_BRIDGE_INCOMPLETE,
			"tunnel '%s' is left out: it has errors", name);
	return tunnel;
}

bool resolve_bridge(struct resolver *resolver, const char *name,
	struct bridge *bridge, bool *found, struct diags *diags)
{
	struct document *document = NULL;
	bool usable;
	const struct member *tunnel = find_inline(
		resolver, name, &usable, diags);

	*found = tunnel != NULL;
	if (tunnel)
		return usable &&
		       define_bridge_inline(resolver, tunnel, bridge, diags);
	if (!resolver->catalog || strchr(name, '/'))
		return true;
	if (!catalog_locate(resolver->catalog, DOCUMENT_BRIDGE, name, &document,
		    diags)) {
		*found = true;
		return false;
	}
	*found = document != NULL;
	return !document ||
	       define_bridge_of_catalog(resolver, document, bridge, diags);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char **resolve_names(struct resolver *resolver, size_t *count)
{
	const struct node *tunnels = config_tunnels(&resolver->config);
	AUTO(diags) unheard = DIAGS_INIT;
	const struct documents *bridges = NULL;
	size_t total;
	char **names;

	if (resolver->catalog) {
		list_catalog(resolver->catalog, &unheard);
		bridges = &resolver->catalog->of[DOCUMENT_BRIDGE];
	}
	if (tunnels && tunnels->kind != NODE_MAP)
		tunnels = NULL;
	total = (tunnels ? tunnels->map.count : 0) +
		(bridges ? bridges->count : 0);
	names = own_alloc(total * sizeof(*names));
	*count = 0;
	for (size_t i = 0; tunnels && i < tunnels->map.count; i++)
		names[(*count)++] = own_strdup(
			tunnels->map.members[i].key->string.bytes);
	for (size_t i = 0; bridges && i < bridges->count; i++)
		names[(*count)++] = own_strdup(bridges->list[i]->id);
	qsort(names, *count, sizeof(*names), compare_names);
	total = *count;
	*count = 0;
	for (size_t i = 0; i < total; i++)
		if (*count && !strcmp(names[*count - 1], names[i]))
			free(names[i]);
		else
			names[(*count)++] = names[i];
	return names;
}
