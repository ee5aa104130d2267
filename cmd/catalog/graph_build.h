/*
 * The catalog as a picture: targets, hosts and services are nodes, bridges
 * and jumps are edges. What is wrong is part of it, never a reason not to
 * draw.
 *
 * The same catalog gives the same bytes: nodes are in the order of domain,
 * kind and key, edges in that of kind, ends and bridge.
 */
#ifndef CMD_CATALOG_GRAPH_BUILD_H
#define CMD_CATALOG_GRAPH_BUILD_H

#include "catalog/rules/validate.h"
#include "catalog/store/catalog.h"
#include "schema/base/text.h"

#include <jansson.h>

enum graph_node_kind {
	GRAPH_TARGET,
	GRAPH_HOST,     /* of a bridge without a target, or to jump through */
	GRAPH_DOCUMENT, /* broken, and nothing else of it can be drawn */
	GRAPH_ACTOR,    /* one that is named and not defined */
	GRAPH_SERVICE,  /* what a bridge leads to on this machine */
};

enum graph_edge_kind { GRAPH_BRIDGE, GRAPH_JUMP, GRAPH_NAMES };

/*
 * The label has lines with '\n' between them; no other control characters are
 * in it, whatever the catalog says. `json` is what --json prints, and its
 * "problems" are the ids of the rules that make the thing red.
 */
struct graph_node {
	enum graph_node_kind kind;
	const char *key;    /* unique: "target:edge/gateway" */
	const char *domain; /* NULL: of none */
	const char *label;
	const char *about; /* the description, or "" */
	bool missing;      /* named somewhere, and not there */
	size_t number;     /* the place in the order of nodes */
	json_t *json;
};

struct graph_edge {
	enum graph_edge_kind kind;
	const struct graph_node *from, *to;
	const char *key;
	const char *label;
	bool disabled;
	json_t *json;
};

struct graph_domain {
	const char *id;
	const char *label;
	const char *about;
	json_t *json;
};

struct graph {
	struct arena arena; /* all the strings, nodes, edges */
	struct graph_domain **domains;
	size_t domain_count, domain_capacity;
	struct graph_node **nodes;
	size_t node_count, node_capacity;
	struct graph_edge **edges;
	size_t edge_count, edge_capacity;
	json_t *index; /* key -> place, while the graph is made */
};

#define GRAPH_INIT                                                             \
	{                                                                      \
		.arena = ARENA_INIT                                            \
	}

void graph_release(struct graph *graph);

/*
 * Draw a validated catalog (validate_catalog() has been here); `domain` (may
 * be NULL) keeps one domain's bridges and targets, and what they name. A rule
 * that `findings` has turned off makes nothing red.
 */
void graph_build(struct graph *graph, struct catalog *catalog,
	const char *domain, const struct diags *findings);

/* Whether it has problems, and is drawn in red. */
bool graph_is_red(const json_t *json);

#endif
