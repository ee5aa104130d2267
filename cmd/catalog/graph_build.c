#include "cmd/catalog/graph_build.h"
#include "catalog/resolve/layers.h"
#include "catalog/rules/check_ports.h"
#include "catalog/rules/check_references.h"
#include "catalog/store/reference.h"

#include <stdlib.h>
#include <string.h>

/* Broken documents may say anything; pictures stay readable. */
enum { MAX_SHOWN = 200, MAX_JUMPS = 16 };

struct making {
	struct graph *graph;
	struct catalog *catalog;
	const char *domain; /* the only one, or NULL */
	const struct diags *findings;
};

void graph_release(struct graph *graph)
{
	for (size_t i = 0; i < graph->domain_count; i++)
		json_decref(graph->domains[i]->json);
	for (size_t i = 0; i < graph->node_count; i++)
		json_decref(graph->nodes[i]->json);
	for (size_t i = 0; i < graph->edge_count; i++)
		json_decref(graph->edges[i]->json);
	free(graph->domains);
	free(graph->nodes);
	free(graph->edges);
	json_decref(graph->index);
	arena_release(&graph->arena);
	*graph = (struct graph)GRAPH_INIT;
}

bool graph_is_red(const json_t *json)
{
	return json_array_size(json_object_get(json, "problems")) > 0;
}

/* A rule that the catalog has turned off is no problem. */
static void add_problem(
	const struct making *making, json_t *json, enum rule rule)
{
	const struct diags *findings = making->findings;
	json_t *problems = json_object_get(json, "problems");
	const char *id = rule_rows[rule].id;
	json_t *known;
	size_t i;

	if (findings->customised && findings->severity[rule] == SEVERITY_OFF)
		return;
	json_array_foreach(problems, i,
		known) if (!strcmp(json_string_value(known), id)) return;
	json_array_append_new(problems, json_string(id));
}

static void set_text(json_t *json, const char *key, const char *value)
{
	json_object_set_new(
		json, key, value ? json_string(value) : json_null());
}

static void append_shown(struct text *text, const char *string)
{
	size_t length = strlen(string);
	size_t end = length;

	if (end > MAX_SHOWN)
		for (end = MAX_SHOWN; (string[end] & 0xc0) == 0x80; end--)
			;
	text_append_visible(text, string, end);
	if (end < length)
		text_append(text, "...");
}

static const char *shown(struct graph *graph, const char *string)
{
	AUTO(text) text = TEXT_INIT;

	append_shown(&text, string ? string : "");
	return arena_strdup(&graph->arena, text.data);
}

static const char *string_at(const struct document *document, const char *key)
{
	return node_string(node_get(document->root, key));
}

/* The node with this key; *fresh says that it is new and still empty. */
static struct graph_node *add_node(struct graph *graph,
	enum graph_node_kind kind, const char *key, bool *fresh)
{
	static const char *const names[] = {[GRAPH_TARGET] = "target",
		[GRAPH_HOST] = "host",
		[GRAPH_DOCUMENT] = "document",
		[GRAPH_ACTOR] = "actor",
		[GRAPH_SERVICE] = "service"};
	const json_t *place = json_object_get(graph->index, key);
	struct graph_node *node;

	*fresh = !place;
	if (place)
		return graph->nodes[json_integer_value(place)];
	node = arena_alloc(&graph->arena, sizeof(*node));
	node->kind = kind;
	node->key = arena_strdup(&graph->arena, key);
	node->label = node->about = "";
	node->json = json_pack("{s:s, s:s, s:n, s:b, s:[]}", "id", key, "kind",
		names[kind], "domain", "missing", 0, "problems");
	json_object_set_new(
		graph->index, key, json_integer((json_int_t)graph->node_count));
	graph->nodes = own_grow(graph->nodes, graph->node_count,
		&graph->node_capacity, sizeof(node));
	graph->nodes[graph->node_count++] = node;
	return node;
}

/* NULL when there is such an edge already. */
static struct graph_edge *add_edge(struct graph *graph,
	enum graph_edge_kind kind, const struct graph_node *from,
	const struct graph_node *to, const char *bridge)
{
	static const char *const names[] = {[GRAPH_BRIDGE] = "bridge",
		[GRAPH_JUMP] = "proxy_jump",
		[GRAPH_NAMES] = "actor"};
	AUTO(text) key = TEXT_INIT;
	struct graph_edge *edge;

	text_format(&key, "%s\n%s\n%s\n%s", names[kind], from->key, to->key,
		bridge ? bridge : "");
	if (json_object_get(graph->index, key.data))
		return NULL;
	edge = arena_alloc(&graph->arena, sizeof(*edge));
	*edge = (struct graph_edge){.kind = kind,
		.from = from,
		.to = to,
		.key = arena_strdup(&graph->arena, key.data),
		.label = ""};
	edge->json = json_pack("{s:s, s:s?, s:s, s:s, s:[]}", "kind",
		names[kind], "bridge", bridge, "from", from->key, "to", to->key,
		"problems");
	json_object_set_new(graph->index, key.data,
		json_integer((json_int_t)graph->edge_count));
	graph->edges = own_grow(graph->edges, graph->edge_count,
		&graph->edge_capacity, sizeof(edge));
	graph->edges[graph->edge_count++] = edge;
	return edge;
}

static void set_document(struct making *making, struct graph_node *node,
	const struct document *document)
{
	node->domain = document->domain;
	node->about = shown(making->graph, string_at(document, "description"));
	set_text(node->json, "domain", document->domain);
	set_text(node->json, "path", document->path);
	set_text(node->json, "description", string_at(document, "description"));
	if (!document->valid)
		add_problem(making, node->json, document->broken);
}

static struct graph_node *target_node(
	struct making *making, const struct document *target)
{
	struct graph *graph = making->graph;
	const struct node *port = node_get(target->root, "ssh_port");
	const char *host = string_at(target, "host");
	AUTO(text) key = TEXT_INIT;
	AUTO(text) label = TEXT_INIT;
	struct graph_node *node;
	bool fresh;

	text_format(&key, "target:%s/%s", target->domain, target->id);
	node = add_node(graph, GRAPH_TARGET, key.data, &fresh);
	if (!fresh)
		return node;
	set_document(making, node, target);
	set_text(node->json, "name", target->id);
	set_text(node->json, "host", host);
	text_append(&label, target->id);
	if (host) {
		text_append_char(&label, '\n');
		append_shown(&label, host);
	}
	if (host && port && port->kind == NODE_INT)
		text_format(&label, ":%lld", (long long)port->integer);
	node->label = arena_strdup(&graph->arena, label.data);
	return node;
}

/* A node that stands for a name alone. */
static struct graph_node *named_node(struct making *making,
	enum graph_node_kind kind, const char *prefix, const char *name)
{
	AUTO(text) key = TEXT_INIT;
	struct graph_node *node;
	bool fresh;

	text_append(&key, prefix);
	append_shown(&key, name);
	node = add_node(making->graph, kind, key.data, &fresh);
	if (!fresh)
		return node;
	node->label = shown(making->graph, name);
	set_text(node->json, "name", node->label);
	return node;
}

static struct graph_node *missing_node(struct making *making,
	enum graph_node_kind kind, const char *name, enum rule rule)
{
	const char *prefix = kind == GRAPH_ACTOR ? "actor:" : "target:?/";
	struct graph_node *node = named_node(making, kind, prefix, name);

	node->missing = true;
	json_object_set_new(node->json, "missing", json_true());
	add_problem(making, node->json, rule);
	return node;
}

/* A broken document of which nothing else can be drawn. */
static void note_node(struct making *making, const struct document *document)
{
	struct graph_node *node = named_node(
		making, GRAPH_DOCUMENT, "document:", document->path);

	set_document(making, node, document);
}

/* From a target or host to what ssh goes through on its way there. */
static void add_jump(struct making *making, const struct graph_node *from,
	const char *bridge, const char *name, size_t position)
{
	struct graph *graph = making->graph;
	AUTO(diags) unheard = DIAGS_INIT;
	struct document *target = NULL;
	AUTO(text) label = TEXT_INIT;
	struct graph_edge *edge;
	struct graph_node *to;

	reference_jump_target(making->catalog, name, &target, &unheard);
	if (target)
		to = target_node(making, target);
	else if (reference_jump_is_host(name))
		to = named_node(making, GRAPH_HOST, "host:", name);
	else
		to = missing_node(
			making, GRAPH_TARGET, name, RULE_REFERENCE_PROXY_JUMP);
	edge = add_edge(graph, GRAPH_JUMP, from, to, bridge);
	if (!edge)
		return;
	if (bridge)
		text_format(&label, "%s: ", bridge);
	text_append(&label, "jump");
	if (position)
		text_format(&label, " %zu", position);
	edge->label = arena_strdup(&graph->arena, label.data);
	json_object_set_new(edge->json, "position",
		json_integer(position ? (json_int_t)position : 1));
	if (to->missing)
		add_problem(making, edge->json, RULE_REFERENCE_PROXY_JUMP);
}

static void add_jumps(struct making *making, const struct graph_node *from,
	const char *bridge, const struct node *jumps)
{
	bool several = reference_jump(jumps, 1);
	const struct node *jump;

	for (size_t i = 0; i < MAX_JUMPS && (jump = reference_jump(jumps, i));
		i++)
		if (node_string(jump))
			add_jump(making, from, bridge, node_string(jump),
				several ? i + 1 : 0);
}

/* A bridge's own jumps, or those that catalog.yaml gives every bridge. */
static void add_bridge_jumps(struct making *making,
	const struct graph_node *from, const struct document *bridge,
	const struct layers *layers)
{
	const struct member *own = node_member(bridge->root, "proxy_jump");
	const struct node *jumps = layers_value(layers, BRIDGE_proxy_jump);
	const struct document *target = bridge->target;

	if (own)
		add_jumps(making, from, bridge->id, own->value);
	else if (!target || !node_member(target->root, "proxy_jump"))
		add_jumps(making, from, NULL, jumps);
}

/* The remote end; NULL when a broken document does not say it. */
static struct graph_node *remote_end(struct making *making,
	const struct document *bridge, const struct layers *layers)
{
	const char *target = string_at(bridge, "target");
	const char *host = string_at(bridge, "host");
	unsigned port = layers_port(layers, BRIDGE_ssh_port);
	AUTO(text) name = TEXT_INIT;

	if (bridge->target)
		return target_node(making, bridge->target);
	if (target)
		return missing_node(
			making, GRAPH_TARGET, target, RULE_REFERENCE_TARGET);
	if (!host)
		return NULL;
	append_shown(&name, host);
	if (port)
		text_format(&name, ":%u", port);
	return named_node(making, GRAPH_HOST, "host:", name.data);
}

static struct graph_node *local_end(
	struct making *making, const struct layers *layers)
{
	unsigned port = layers_port(layers, BRIDGE_local_port);
	AUTO(text) name = TEXT_INIT;

	append_shown(
		&name, layers_text(layers, BRIDGE_local_host, "127.0.0.1"));
	if (name.data[0] == '/')
		;
	else if (port)
		text_format(&name, ":%u", port);
	else
		text_append(&name, ":?");
	return named_node(making, GRAPH_SERVICE, "service:", name.data);
}

static void append_port(struct text *text, unsigned port)
{
	if (port)
		text_format(text, "%u", port);
	else
		text_append_char(text, '?');
}

/* "hub", "18000 -> 8000": addresses only where they are not the usual ones. */
static void label_bridge(struct graph *graph, struct graph_edge *edge,
	const struct document *bridge, const struct layers *layers)
{
	const char *bind = layers_text(layers, BRIDGE_remote_bind, "127.0.0.1");
	const char *local = layers_text(layers, BRIDGE_local_host, "127.0.0.1");
	unsigned remote_port = layers_port(layers, BRIDGE_remote_port);
	unsigned local_port = layers_port(layers, BRIDGE_local_port);
	AUTO(text) label = TEXT_INIT;

	text_format(&label, "%s\n", bridge->id);
	if (strcmp(bind, "127.0.0.1")) {
		append_shown(&label, bind);
		text_append_char(&label, ':');
	}
	append_port(&label, remote_port);
	text_append(&label, " -> ");
	if (local[0] == '/')
		append_shown(&label, local);
	else
		append_port(&label, local_port);
	edge->label = arena_strdup(&graph->arena, label.data);
	set_text(edge->json, "remote_bind", bind);
	json_object_set_new(edge->json, "remote_port",
		remote_port ? json_integer(remote_port) : json_null());
	set_text(edge->json, "local_host", local);
	json_object_set_new(edge->json, "local_port",
		local_port ? json_integer(local_port) : json_null());
}

static void add_missing_actor(struct making *making,
	const struct document *bridge, struct graph_edge *bridge_edge)
{
	const char *actor = string_at(bridge, "actor");
	AUTO(text) label = TEXT_INIT;
	struct graph_edge *edge;

	if (!actor || !actor_is_undefined(making->catalog, bridge))
		return;
	edge = add_edge(making->graph, GRAPH_NAMES,
		missing_node(making, GRAPH_ACTOR, actor, RULE_REFERENCE_ACTOR),
		bridge_edge->from, bridge->id);
	add_problem(making, bridge_edge->json, RULE_REFERENCE_ACTOR);
	if (!edge)
		return;
	text_format(&label, "%s: actor", bridge->id);
	edge->label = arena_strdup(&making->graph->arena, label.data);
	add_problem(making, edge->json, RULE_REFERENCE_ACTOR);
}

static void add_bridge(struct making *making, const struct document *bridge)
{
	struct graph *graph = making->graph;
	const struct node *enabled;
	struct graph_node *from;
	struct graph_edge *edge;
	struct layers layers;

	layers_of_document(&layers, making->catalog, bridge);
	from = remote_end(making, bridge, &layers);
	if (!from) {
		note_node(making, bridge);
		return;
	}
	edge = add_edge(graph, GRAPH_BRIDGE, from, local_end(making, &layers),
		bridge->id);
	if (!edge)
		return;
	label_bridge(graph, edge, bridge, &layers);
	enabled = layers_value(&layers, BRIDGE_enabled);
	edge->disabled = enabled && enabled->kind == NODE_BOOL &&
			 !enabled->boolean;
	json_object_set_new(
		edge->json, "enabled", json_boolean(!edge->disabled));
	set_text(edge->json, "actor", string_at(bridge, "actor"));
	set_text(edge->json, "path", bridge->path);
	set_text(edge->json, "domain", bridge->domain);
	json_object_set_new(graph->index, bridge->path,
		json_integer((json_int_t)graph->edge_count - 1));
	if (!bridge->valid)
		add_problem(making, edge->json, bridge->broken);
	if (from->missing)
		add_problem(making, edge->json, RULE_REFERENCE_TARGET);
	add_missing_actor(making, bridge, edge);
	add_bridge_jumps(making, from, bridge, &layers);
}

static void redden(struct making *making, const char *key, enum rule rule)
{
	const json_t *place = json_object_get(making->graph->index, key);

	if (place)
		add_problem(making,
			making->graph->edges[json_integer_value(place)]->json,
			rule);
}

static void mark_clash(const struct port_clash *clash, void *data)
{
	redden(data, clash->first->path, RULE_PORT_CLASH);
	redden(data, clash->second->path, RULE_PORT_CLASH);
}

static void mark_cycle(const struct document *const *targets, size_t count,
	const struct node *jump, void *data)
{
	(void)jump;
	for (size_t i = 0; i < count; i++) {
		const struct document *from = targets[i];
		const struct document *to = targets[(i + 1) % count];
		AUTO(text) key = TEXT_INIT;

		text_format(&key, "proxy_jump\ntarget:%s/%s\ntarget:%s/%s\n",
			from->domain, from->id, to->domain, to->id);
		redden(data, key.data, RULE_PROXY_JUMP_CYCLE);
	}
}

static bool is_drawn(
	const struct making *making, const struct document *document)
{
	return !making->domain || !strcmp(document->domain, making->domain);
}

static bool has_nodes(const struct graph *graph, const char *domain)
{
	for (size_t i = 0; i < graph->node_count; i++)
		if (graph->nodes[i]->domain &&
			!strcmp(graph->nodes[i]->domain, domain))
			return true;
	return false;
}

static void add_domain(struct making *making, const struct document *document)
{
	struct graph *graph = making->graph;
	const char *name = string_at(document, "name");
	struct graph_domain *domain;

	if (!is_drawn(making, document) && !has_nodes(graph, document->id))
		return;
	domain = arena_alloc(&graph->arena, sizeof(*domain));
	domain->id = document->id;
	domain->label = shown(graph, name ? name : document->id);
	domain->about = shown(graph, string_at(document, "description"));
	domain->json = json_pack("{s:s, s:[]}", "id", document->id, "problems");
	set_text(domain->json, "name", name);
	set_text(domain->json, "description",
		string_at(document, "description"));
	set_text(domain->json, "path", document->path);
	if (!document->valid)
		add_problem(making, domain->json, document->broken);
	graph->domains = own_grow(graph->domains, graph->domain_count,
		&graph->domain_capacity, sizeof(domain));
	graph->domains[graph->domain_count++] = domain;
}

static int compare_nodes(const void *a, const void *b)
{
	const struct graph_node *x = *(struct graph_node *const *)a;
	const struct graph_node *y = *(struct graph_node *const *)b;
	int order = !x->domain - !y->domain;

	if (!order && x->domain)
		order = strcmp(x->domain, y->domain);
	if (!order)
		order = (x->kind > y->kind) - (x->kind < y->kind);
	return order ? order : strcmp(x->key, y->key);
}

static int compare_edges(const void *a, const void *b)
{
	const struct graph_edge *x = *(struct graph_edge *const *)a;
	const struct graph_edge *y = *(struct graph_edge *const *)b;
	int order = (x->kind > y->kind) - (x->kind < y->kind);

	return order ? order : strcmp(x->key, y->key);
}

static void sort(struct graph *graph)
{
	if (graph->node_count)
		qsort(graph->nodes, graph->node_count, sizeof(*graph->nodes),
			compare_nodes);
	if (graph->edge_count)
		qsort(graph->edges, graph->edge_count, sizeof(*graph->edges),
			compare_edges);
	for (size_t i = 0; i < graph->node_count; i++)
		graph->nodes[i]->number = i;
}

static void add_targets(struct making *making)
{
	const struct documents *targets = &making->catalog->of[DOCUMENT_TARGET];

	for (size_t i = 0; i < targets->count; i++)
		if (is_drawn(making, targets->list[i]))
			add_jumps(making, target_node(making, targets->list[i]),
				NULL,
				node_get(targets->list[i]->root, "proxy_jump"));
}

void graph_build(struct graph *graph, struct catalog *catalog,
	const char *domain, const struct diags *findings)
{
	static const enum document_kind alone[] = {
		DOCUMENT_CATALOG, DOCUMENT_ACTOR};
	struct making making = {.graph = graph,
		.catalog = catalog,
		.domain = domain,
		.findings = findings};
	const struct documents *of = catalog->of;

	graph->index = json_object();
	add_targets(&making);
	for (size_t i = 0; i < of[DOCUMENT_BRIDGE].count; i++)
		if (is_drawn(&making, of[DOCUMENT_BRIDGE].list[i]))
			add_bridge(&making, of[DOCUMENT_BRIDGE].list[i]);
	for (size_t i = 0; i < COUNT(alone); i++)
		for (size_t j = 0; j < of[alone[i]].count; j++)
			if (!of[alone[i]].list[j]->valid)
				note_node(&making, of[alone[i]].list[j]);
	port_clash_each(catalog, mark_clash, &making);
	jump_cycle_each(catalog, mark_cycle, &making);
	for (size_t i = 0; i < of[DOCUMENT_DOMAIN].count; i++)
		add_domain(&making, of[DOCUMENT_DOMAIN].list[i]);
	sort(graph);
}
