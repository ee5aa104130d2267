#include "catalog/resolve/define_bridge.h"

#include "catalog/resolve/field_values.h"
#include "catalog/resolve/fields.h"
#include "catalog/resolve/health_port.h"
#include "catalog/resolve/layers.h"
#include "catalog/store/document.h"
#include "catalog/store/reference.h"

#include <stdlib.h>
#include <string.h>

/* A bridge on its way from its documents. */
struct making {
	struct resolver *resolver;
	struct bridge *bridge;
	struct diags *diags;
	const struct origin *at; /* of the definition */
	struct layers layers;
};

/* Whose fault it is, in the place that asked for it. */
static bool needs(struct making *making, const struct origin *at,
	enum rule rule, struct document *document)
{
	struct catalog *catalog = making->resolver->catalog;

	if (document->valid ||
		(!document->read &&
			catalog_read(catalog, document, making->diags)))
		return true;
	/* In a partial clone that is every bridge; its object is named. */
	if (rule == RULE_BRIDGE_INCOMPLETE &&
		document->broken == RULE_GIT_OBJECT)
		return false;
	return diag_error(making->diags, at, rule,
		"bridge '%s' is left out: the %s '%s' has errors",
		making->bridge->name, document_kind_name(document->kind),
		document->id);
}

static bool push_target(struct making *making)
{
	struct catalog *catalog = making->resolver->catalog;
	const struct node *reference = layers_value(
		&making->layers, BRIDGE_target);
	const char *id = node_string(reference);
	struct document *target = NULL;
	AUTO(text) near = TEXT_INIT;

	if (!id)
		return true;
	if (catalog && !catalog_locate(catalog, DOCUMENT_TARGET, id, &target,
			       making->diags))
		return false;
	if (target) {
		if (!needs(making, &reference->at, RULE_REFERENCE_TARGET,
			    target))
			return false;
		layers_push_target(&making->layers, target->root);
		return true;
	}
	if (catalog)
		reference_suggest(&near, catalog, DOCUMENT_TARGET, id);
	return diag_report(making->diags, &reference->at, RULE_REFERENCE_TARGET,
		"target '%s' is not defined%s", id, near.data);
}

static void push_defaults(struct making *making)
{
	const struct resolver *resolver = making->resolver;
	const struct document *settings = resolver->catalog
						  ? resolver->catalog->settings
						  : NULL;

	layers_push_local(
		&making->layers, node_get(resolver->config.root, "defaults"));
	if (settings && settings->valid)
		layers_push(
			&making->layers, node_get(settings->root, "defaults"));
}

static bool set_class(struct making *making, const struct node *actor)
{
	const char *class = node_string(node_get(actor, "class"));

	making->bridge->actor_class = class ? own_strdup(class) : NULL;
	return true;
}

static bool find_actor(struct making *making)
{
	struct resolver *resolver = making->resolver;
	const struct node *named = layers_value(&making->layers, BRIDGE_actor);
	const char *id = making->bridge->actor;
	const struct node *actor = node_get(
		node_get(resolver->config.root, "actors"), id);
	struct document *document = NULL;
	AUTO(text) near = TEXT_INIT;

	if (actor)
		return set_class(making, actor);
	if (resolver->catalog &&
		!catalog_locate(resolver->catalog, DOCUMENT_ACTOR, id,
			&document, making->diags))
		return false;
	if (document)
		return needs(making, &named->at, RULE_REFERENCE_ACTOR,
			       document) &&
		       set_class(making, document->root);
	if (resolver->catalog_failed)
		return true;
	if (resolver->catalog)
		reference_suggest(&near, resolver->catalog, DOCUMENT_ACTOR, id);
	return diag_report(making->diags, &named->at, RULE_REFERENCE_ACTOR,
		"actor '%s' is not defined%s", id, near.data);
}

/* bridge_check() knows no places: its findings are put at the definition. */
static bool check_bridge(struct making *making)
{
	AUTO(diags) found = DIAGS_INIT;

	if (bridge_check(making->bridge, &found))
		return true;
	for (size_t i = 0; i < found.count; i++)
		diag_error(making->diags, making->at, found.list[i].rule, "%s",
			found.list[i].message);
	return false;
}

/* The definition's own layers are in place. */
static bool finish(struct making *making)
{
	if (!push_target(making))
		return false;
	push_defaults(making);
	return fields_fill(making->bridge, &making->layers,
		       making->resolver->catalog, making->at, making->diags) &&
	       find_actor(making) && check_bridge(making);
}

static void set_base(struct making *making, const struct document *document)
{
	struct bridge *bridge = making->bridge;

	bridge->domain = own_strdup(document->domain);
	bridge->revision = own_strdup(
		revision_id(making->resolver->catalog->revision));
	layers_push(&making->layers, document->root);
}

/* Every bridge of a catalog stands on its defaults. */
static bool settings_are_usable(struct making *making)
{
	struct document *settings = making->resolver->catalog->settings;

	if (!settings || settings->valid)
		return true;
	return diag_error(making->diags, making->at, RULE_BRIDGE_INCOMPLETE,
		"bridge '%s' is left out: '%s' has errors",
		making->bridge->name, settings->path);
}

bool define_bridge_of_catalog(struct resolver *resolver,
	struct document *document, struct bridge *bridge, struct diags *diags)
{
	struct origin at = document_origin(resolver->catalog, document);
	struct making making = {.resolver = resolver,
		.bridge = bridge,
		.diags = diags,
		.at = &at};

	bridge->name = own_strdup(document->id);
	bridge->source = BRIDGE_FROM_CATALOG;
	if (!needs(&making, &at, RULE_BRIDGE_INCOMPLETE, document) ||
		!settings_are_usable(&making))
		return false;
	at = document->root->at;
	bridge->origin = field_values_place(&at);
	set_base(&making, document);
	return finish(&making);
}

static bool unknown_base(
	struct making *making, const struct node *reference, const char *id)
{
	struct catalog *catalog = making->resolver->catalog;
	AUTO(text) near = TEXT_INIT;

	if (!catalog)
		return diag_error(making->diags, &reference->at,
			RULE_REFERENCE_EXTENDS,
			"tunnel '%s' extends '%s', but there is no catalog to "
			"look in",
			making->bridge->name, id);
	reference_suggest(&near, catalog, DOCUMENT_BRIDGE, id);
	return diag_error(making->diags, &reference->at, RULE_REFERENCE_EXTENDS,
		"tunnel '%s' extends '%s', which is not in the catalog%s",
		making->bridge->name, id, near.data);
}

static bool extend(struct making *making, const struct node *reference)
{
	struct catalog *catalog = making->resolver->catalog;
	const char *id = node_string(reference);
	struct document *base = NULL;

	if (!id)
		return diag_error(making->diags, &reference->at,
			RULE_REFERENCE_EXTENDS,
			"tunnel '%s': `extends` is not a text",
			making->bridge->name);
	if (catalog && !catalog_locate(catalog, DOCUMENT_BRIDGE, id, &base,
			       making->diags))
		return false;
	if (!base)
		return unknown_base(making, reference, id);
	if (!needs(making, &reference->at, RULE_REFERENCE_EXTENDS, base) ||
		!settings_are_usable(making))
		return false;
	set_base(making, base);
	return true;
}

/*
 * A catalog bridge of the same name is out of reach now, unless it is the one
 * that is extended. It need not be valid, and is not read.
 */
static bool note_shadow(struct making *making, const char *extends)
{
	struct catalog *catalog = making->resolver->catalog;
	struct bridge *bridge = making->bridge;
	struct document *shadowed = NULL;
	AUTO(diags) unheard = DIAGS_INIT;
	struct origin at;

	if (!catalog)
		return true;
	catalog_locate(
		catalog, DOCUMENT_BRIDGE, bridge->name, &shadowed, &unheard);
	if (!shadowed || (extends && !strcmp(shadowed->id, extends)))
		return true;
	at = document_origin(catalog, shadowed);
	bridge->shadows = field_values_place(&at);
	return diag_report(making->diags, making->at, RULE_SHADOWED,
		"tunnel '%s' replaces the catalog bridge at %s", bridge->name,
		bridge->shadows);
}

bool define_bridge_inline(struct resolver *resolver,
	const struct member *tunnel, struct bridge *bridge, struct diags *diags)
{
	const struct node *extends = node_get(tunnel->value, "extends");
	const char *name = node_string(tunnel->key);
	struct making making = {.resolver = resolver,
		.bridge = bridge,
		.diags = diags,
		.at = &tunnel->key->at};

	if (!name || !bridge_name_is_valid(name))
		return diag_error(diags, making.at, RULE_LAYOUT_ID,
			"'%s' is not a valid name for a tunnel",
			tunnel->key->string.bytes);
	bridge->name = own_strdup(name);
	bridge->source = BRIDGE_FROM_INLINE;
	bridge->origin = field_values_place(making.at);
	layers_push_local(&making.layers, tunnel->value);
	if (!note_shadow(&making, node_string(extends)))
		return false;
	if (extends && !extend(&making, extends))
		return false;
	return finish(&making) && health_port_report(&making.layers, diags);
}
