/*
 * A graph as text for Graphviz and for Mermaid. Nothing a catalog says can
 * end a quoted text, add a line or be taken for markup.
 */
#include "cmd/catalog/graph_draw.h"

#include <ctype.h>
#include <string.h>

/*
 * A quoted string of DOT: backslashes escape, and entities are read in labels.
 * No label is in the HTML form (<...>).
 */
static void append_dot(struct text *out, const char *string)
{
	text_append_char(out, '"');
	for (; *string; string++)
		switch (*string) {
		case '\n':
			text_append(out, "\\n");
			break;
		case '"':
		case '\\':
			text_append_char(out, '\\');
			text_append_char(out, *string);
			break;
		case '&':
			text_append(out, "&amp;");
			break;
		default:
			text_append_char(out, *string);
		}
	text_append_char(out, '"');
}

/*
 * What Mermaid takes for itself in a quoted text: letters, digits, some marks,
 * and all beyond ASCII. A dot or dash before a space may be a Markdown list.
 */
static bool is_plain(const char *at)
{
	if (*at == '.' || *at == '-')
		return isalnum((unsigned char)at[1]);
	return (*at & 0x80) || isalnum((unsigned char)*at) ||
	       strchr(" /:,", *at);
}

/*
 * A quoted text of Mermaid: all that could be quote, markup, Markdown or a
 * directive is a numbered entity, which Mermaid writes with '#' for '&'.
 */
static void append_mermaid(struct text *out, const char *string)
{
	text_append_char(out, '"');
	for (; *string; string++)
		if (*string == '\n')
			text_append(out, "<br/>");
		else if (is_plain(string))
			text_append_char(out, *string);
		else
			text_format(out, "#%d;", *string);
	text_append_char(out, '"');
}

/* The label, and below it what is wrong. */
static void make_label(
	struct text *label, const char *string, const json_t *json)
{
	const json_t *problem;
	size_t i;

	text_clear(label);
	text_append(label, string);
	json_array_foreach(json_object_get(json, "problems"), i, problem)
		text_format(label, "\n%s", json_string_value(problem));
}

typedef void write_node(
	struct text *out, const struct graph_node *node, const char *indent);

/* The services, or the other nodes of a domain; NULL: those of none. */
static void write_nodes(struct text *out, const struct graph *graph,
	const char *domain, bool services, write_node *write)
{
	for (size_t i = 0; i < graph->node_count; i++) {
		const struct graph_node *node = graph->nodes[i];
		bool inside = domain && node->domain
				      ? !strcmp(domain, node->domain)
				      : domain == node->domain;

		if (inside && (node->kind == GRAPH_SERVICE) == services)
			write(out, node, domain || services ? "\t\t" : "\t");
	}
}

static void dot_attribute(struct text *out, const char *name, const char *value)
{
	text_format(out, ", %s=", name);
	append_dot(out, value);
}

static void dot_node(
	struct text *out, const struct graph_node *node, const char *indent)
{
	bool red = graph_is_red(node->json);
	AUTO(text) label = TEXT_INIT;

	make_label(&label, node->label, node->json);
	text_append(out, indent);
	append_dot(out, node->key);
	text_append(out, " [label=");
	append_dot(out, label.data);
	if (*node->about)
		dot_attribute(out, "tooltip", node->about);
	if (node->kind == GRAPH_SERVICE)
		text_append(out, ", shape=ellipse");
	else if (node->kind == GRAPH_DOCUMENT || (red && !node->missing))
		text_append(out, ", shape=note");
	if (node->missing)
		text_append(out, ", style=dashed");
	if (red)
		text_append(out, ", color=red, fontcolor=red");
	text_append(out, "];\n");
}

static void dot_domain(struct text *out, const struct graph *graph,
	const struct graph_domain *domain)
{
	AUTO(text) label = TEXT_INIT;
	AUTO(text) key = TEXT_INIT;
	size_t start;

	text_format(&key, "domain:%s", domain->id);
	text_format(out, "\tsubgraph \"cluster_%s\" {\n\t\tlabel=", key.data);
	make_label(&label, domain->label, domain->json);
	append_dot(out, label.data);
	text_append(out, ";\n\t\ttooltip=");
	append_dot(out, *domain->about ? domain->about : domain->label);
	text_append(out, ";\n");
	if (graph_is_red(domain->json))
		text_append(out, "\t\tcolor=red;\n\t\tfontcolor=red;\n");
	/* Graphviz draws no cluster without a node. */
	start = out->length;
	write_nodes(out, graph, domain->id, false, dot_node);
	if (out->length == start)
		text_format(out, "\t\t\"%s\" [label=\"\", style=invis];\n",
			key.data);
	text_append(out, "\t}\n");
}

static void dot_edge(struct text *out, const struct graph_edge *edge)
{
	AUTO(text) label = TEXT_INIT;

	make_label(&label, edge->label, edge->json);
	text_append_char(out, '\t');
	append_dot(out, edge->from->key);
	text_append(out, " -> ");
	append_dot(out, edge->to->key);
	text_append(out, " [label=");
	append_dot(out, label.data);
	if (edge->kind != GRAPH_BRIDGE)
		text_append(out, ", style=dotted");
	else if (edge->disabled)
		text_append(out, ", style=dashed");
	if (graph_is_red(edge->json))
		text_append(out, ", color=red, fontcolor=red");
	text_append(out, "];\n");
}

void graph_draw_dot(struct text *out, const struct graph *graph)
{
	text_append(out, "digraph catalog {\n"
			 "\trankdir=LR;\n"
			 "\tnode [shape=box];\n");
	for (size_t i = 0; i < graph->domain_count; i++)
		dot_domain(out, graph, graph->domains[i]);
	text_append(out, "\tsubgraph cluster_here {\n"
			 "\t\tlabel=\"this machine\";\n");
	write_nodes(out, graph, NULL, true, dot_node);
	text_append(out, "\t}\n");
	write_nodes(out, graph, NULL, false, dot_node);
	for (size_t i = 0; i < graph->edge_count; i++)
		dot_edge(out, graph->edges[i]);
	text_append(out, "}\n");
}

/* Ids are numbers of ours: words such as "end" mean something there. */
static void mermaid_node(
	struct text *out, const struct graph_node *node, const char *indent)
{
	bool service = node->kind == GRAPH_SERVICE;
	AUTO(text) label = TEXT_INIT;

	make_label(&label, node->label, node->json);
	text_format(out, "%sn%zu%s", indent, node->number + 1,
		service ? "([" : "[");
	append_mermaid(out, label.data);
	text_append(out, service ? "])" : "]");
	if (node->missing)
		text_append(out, ":::missing");
	text_append_char(out, '\n');
	if (graph_is_red(node->json))
		text_format(
			out, "%sclass n%zu bad\n", indent, node->number + 1);
}

static void mermaid_domains(struct text *out, const struct graph *graph)
{
	AUTO(text) label = TEXT_INIT;

	for (size_t i = 0; i < graph->domain_count; i++) {
		const struct graph_domain *domain = graph->domains[i];

		make_label(&label, domain->label, domain->json);
		text_format(out, "\tsubgraph d%zu[", i + 1);
		append_mermaid(out, label.data);
		text_append(out, "]\n");
		write_nodes(out, graph, domain->id, false, mermaid_node);
		text_append(out, "\tend\n");
		if (graph_is_red(domain->json))
			text_format(out, "\tclass d%zu bad\n", i + 1);
	}
}

static void mermaid_edge(
	struct text *out, const struct graph_edge *edge, size_t number)
{
	bool red = graph_is_red(edge->json);
	AUTO(text) label = TEXT_INIT;

	make_label(&label, edge->label, edge->json);
	text_format(out, "\tn%zu %s|", edge->from->number + 1,
		edge->kind == GRAPH_BRIDGE ? "-->" : "-.->");
	append_mermaid(out, label.data);
	text_format(out, "| n%zu\n", edge->to->number + 1);
	if (!red && !edge->disabled)
		return;
	text_format(out, "\tlinkStyle %zu %s%s%s\n", number,
		red ? "stroke:red,color:red" : "",
		red && edge->disabled ? "," : "",
		edge->disabled ? "stroke-dasharray:8 4" : "");
}

void graph_draw_mermaid(struct text *out, const struct graph *graph)
{
	text_append(out, "flowchart LR\n");
	mermaid_domains(out, graph);
	text_append(out, "\tsubgraph here[\"this machine\"]\n");
	write_nodes(out, graph, NULL, true, mermaid_node);
	text_append(out, "\tend\n");
	write_nodes(out, graph, NULL, false, mermaid_node);
	for (size_t i = 0; i < graph->edge_count; i++)
		mermaid_edge(out, graph->edges[i], i);
	text_append(out, "\tclassDef bad stroke:red,color:red\n"
			 "\tclassDef missing stroke-dasharray:4 4\n");
}

void graph_draw_json(json_t *json, const struct graph *graph)
{
	json_t *domains = json_array();
	json_t *nodes = json_array();
	json_t *edges = json_array();

	for (size_t i = 0; i < graph->domain_count; i++)
		json_array_append(domains, graph->domains[i]->json);
	for (size_t i = 0; i < graph->node_count; i++)
		json_array_append(nodes, graph->nodes[i]->json);
	for (size_t i = 0; i < graph->edge_count; i++)
		json_array_append(edges, graph->edges[i]->json);
	json_object_set_new(json, "domains", domains);
	json_object_set_new(json, "nodes", nodes);
	json_object_set_new(json, "edges", edges);
}
