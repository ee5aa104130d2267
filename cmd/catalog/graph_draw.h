/*
 * A graph as text for Graphviz and for Mermaid, and as JSON.
 */
#ifndef CMD_CATALOG_GRAPH_DRAW_H
#define CMD_CATALOG_GRAPH_DRAW_H

#include "cmd/catalog/graph_build.h"

void graph_draw_dot(struct text *out, const struct graph *graph);
void graph_draw_mermaid(struct text *out, const struct graph *graph);

/* {domains: [], nodes: [], edges: []}, added to an object. */
void graph_draw_json(json_t *json, const struct graph *graph);

#endif
