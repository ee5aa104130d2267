#include "catalog/resolve/resolve_all.h"

#include "catalog/resolve/define_bridge.h"
#include "catalog/resolve/resolve.h"
#include "catalog/store/list.h"

#include <stdlib.h>
#include <string.h>

/* Does the list have the text? A list that is not there has everything. */
static bool lists(const struct node *list, const char *text)
{
	if (!list)
		return true;
	for (size_t i = 0; list->kind == NODE_LIST && i < list->list.count;
		i++) {
		const char *item = node_string(list->list.items[i]);

		if (item && !strcmp(item, text))
			return true;
	}
	return false;
}

static bool shares_a_tag(const struct node *wanted, const struct node *tags)
{
	if (!wanted)
		return true;
	for (size_t i = 0;
		tags && tags->kind == NODE_LIST && i < tags->list.count; i++) {
		const char *tag = node_string(tags->list.items[i]);

		if (tag && lists(wanted, tag))
			return true;
	}
	return false;
}

static bool has_labels(const struct node *wanted, const struct node *labels)
{
	if (!wanted || wanted->kind != NODE_MAP)
		return true;
	for (size_t i = 0; i < wanted->map.count; i++) {
		const struct member *member = &wanted->map.members[i];
		const struct node *value = node_get_bytes(labels,
			member->key->string.bytes, member->key->string.length);

		if (!value || !node_equal(value, member->value))
			return false;
	}
	return true;
}

static const struct node *selection(
	const struct resolver *resolver, const char *key)
{
	const struct node *value = node_get(
		node_get(resolver->config.root, "catalog_select"), key);

	return value && value->kind != NODE_NULL ? value : NULL;
}

/*
 * By domain first, as that needs no reading. A document that cannot be read
 * might be selected: it is kept, and reported when it is resolved.
 */
static bool is_selected(struct resolver *resolver, struct document *document,
	struct diags *diags)
{
	const struct node *tags = selection(resolver, "tags");
	const struct node *labels = selection(resolver, "labels");

	if (!lists(selection(resolver, "domains"), document->domain))
		return false;
	if (!tags && !labels)
		return true;
	if (!document->read)
		catalog_read(resolver->catalog, document, diags);
	return !document->valid ||
	       (shares_a_tag(tags, node_get(document->root, "tags")) &&
		       has_labels(labels, node_get(document->root, "labels")));
}

/* Keep the bridge, or take it back. */
static bool keep(struct bridges *bridges, bool good, const char *domain)
{
	struct bridge *bridge = &bridges->list[bridges->count - 1];

	if (good && (!domain || (bridge->domain &&
					!strcmp(bridge->domain, domain))))
		return true;
	bridge_release(bridge);
	bridges->count--;
	return good;
}

static bool all_inline(struct resolver *resolver, const char *domain,
	struct bridges *bridges, struct diags *diags)
{
	const struct node *tunnels = config_tunnels(&resolver->config);
	bool good = true;

	if (!tunnels || tunnels->kind != NODE_MAP)
		return true;
	for (size_t i = 0; i < tunnels->map.count; i++) {
		const struct member *tunnel = &tunnels->map.members[i];

		if (resolver->config.broken && resolver->config.broken[i])
			good = diag_error(diags, &tunnel->key->at,
				RULE_BRIDGE_INCOMPLETE,
				"tunnel '%s' is left out: it has errors",
				tunnel->key->string.bytes);
		else
			good &= keep(bridges,
				define_bridge_inline(resolver, tunnel,
					bridges_add(bridges), diags),
				domain);
	}
	return good;
}

/* Of two with the same id, which listing has reported, the first counts. */
static bool is_second(struct catalog *catalog, const struct document *document)
{
	AUTO(diags) unheard = DIAGS_INIT;
	struct document *first;

	catalog_locate(catalog, document->kind, document->id, &first, &unheard);
	return first != document;
}

static bool all_of_catalog(struct resolver *resolver, const char *domain,
	struct bridges *bridges, struct diags *diags)
{
	struct catalog *catalog = resolver->catalog;
	const struct documents *documents = &catalog->of[DOCUMENT_BRIDGE];
	bool good = list_catalog(catalog, diags);

	for (size_t i = 0; i < documents->count; i++) {
		struct document *document = documents->list[i];
		bool usable;

		if (is_second(catalog, document) ||
			(domain && strcmp(document->domain, domain)) ||
			config_tunnel(
				&resolver->config, document->id, &usable) ||
			!is_selected(resolver, document, diags))
			continue;
		good &= keep(bridges,
			define_bridge_of_catalog(resolver, document,
				bridges_add(bridges), diags),
			NULL);
	}
	return good;
}

static bool is_left_out(
	struct resolver *resolver, const char *name, struct diags *diags)
{
	struct document *document = NULL;
	AUTO(diags) unheard = DIAGS_INIT;
	bool usable;

	if (!resolver->catalog || strchr(name, '/') ||
		config_tunnel(&resolver->config, name, &usable))
		return false;
	return catalog_locate(resolver->catalog, DOCUMENT_BRIDGE, name,
		       &document, &unheard) &&
	       document && !is_selected(resolver, document, diags);
}

bool resolve_selected(struct resolver *resolver, const char *name,
	struct bridge *bridge, bool *found, struct diags *diags)
{
	*found = false;
	return is_left_out(resolver, name, diags) ||
	       resolve_bridge(resolver, name, bridge, found, diags);
}

static int compare_bridges(const void *a, const void *b)
{
	const struct bridge *x = a;
	const struct bridge *y = b;

	return strcmp(x->name, y->name);
}

bool resolve_all(struct resolver *resolver, const char *domain,
	struct bridges *bridges, struct diags *diags)
{
	bool good = all_inline(resolver, domain, bridges, diags);

	if (resolver->catalog)
		good &= all_of_catalog(resolver, domain, bridges, diags);
	else if (resolver->catalog_failed)
		good = false;
	if (bridges->count)
		qsort(bridges->list, bridges->count, sizeof(*bridges->list),
			compare_bridges);
	return good;
}
